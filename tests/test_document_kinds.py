"""Claims about documents that are no PDF, and about the bytes of all of them."""

import csv
import hashlib
import io
import json
import os
import stat
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pdfs import encrypted_pdf, image_only_pdf, text_pdf
from workbench.documents.json_reading import UnfitJsonError, read_json
from workbench.documents.plain_reading import MOST_BYTES, value_of
from workbench.documents.reading import kept_file, open_document, read_document
from workbench.documents.tables import MOST_ROWS, delimiter_of, read_rows
from workbench.documents.uploads import keep_file
from workbench.errors import DocumentError

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda own: st.lists(own, max_size=4) | st.dictionaries(ANY_TEXT, own, max_size=4),
    max_leaves=12,
)
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)
NAMES = st.lists(
    st.sampled_from(["name", "Größe", "a b", '"', "1,5", ";", "a\nb", "日本", "x|y"]), min_size=1, unique=True
)
ENCODINGS = {"utf-8": b"", "utf-8-sig": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}

HOSTILE = {
    "binary.txt": (bytes(range(256)) * 4, r"is no UTF-8 text: byte 0x80 at offset 128\."),
    "binary.md": (b"\0\1\2\3", r"its character 1 is NUL"),
    "wide.txt": ("wide".encode("utf-32"), r"its character 1 is NUL"),
    "odd.txt": (b"\xff\xfea\0b", r"is no UTF-16 text: byte 0x62 at offset 4\."),
    "latin.csv": ("name\nMüller".encode("latin-1"), r"is no UTF-8 text: byte 0xfc at offset 6\."),
    "blank.txt": ("\ufeff \n\r\n\u3000".encode(), r"holds nothing but blanks"),
    "empty.json": (b"", r"holds nothing but blanks"),
    "open.json": (b'{"a": 1', r"JSON: expecting ',' delimiter at line 1, column 8\."),
    "two.json": (b"{}\n{}", r"JSON: extra data at line 2, column 1\."),
    "deep.json": (b"[" * 200 + b"]" * 200, r"JSON: it is nested deeper than 100 levels\."),
    "deepest.json": (b'{"a":' * 1_000_000, r"JSON: it is nested deeper than 100 levels\."),
    "nan.json": (b"[NaN]", r"JSON: NaN is no number of JSON\."),
    "inf.json": (b"[1e999]", r"JSON: the number 1e999 is too large\."),
    "long.json": (b"1" * 5_000, r"JSON: a number has more than 4,300 digits\."),
    "twice.json": (b'[{"a": 1, "b": 2, "a": 3}]', r"JSON: an object has the key 'a' twice\."),
    "lines.jsonl": (b'{"a": 1}\n\n{"a": }', r"JSON: line 3: expecting value at line 1, column 7\."),
    "many.jsonl": (b"1\n" * 100_001, r"JSON: it has 100,001 lines; the limit is 100,000\."),
    "head.csv": (b"name,team\n\n", r"a table: it has no row below a header"),
    "numbers.csv": (b"1,2.5\n3,4", r"a table: its first row holds numbers where the names"),
    "twice.csv": (b"name,team,name\n1,2,3", r"a table: its header has 'name' twice\."),
    "blanks.csv": (b"name,,\n1,2,3", r"a table: its header has 2 columns without a name"),
    "ragged.csv": (b"name,team\na,b\nc,d,e", r"a table: the row that ends in line 3 has 3 cells, and its header 2\."),
    "quote.csv": (b'name,team\n"a,b', r"a table: line 2: unexpected end of data\."),
    "wide.csv": (b"," * 9_000_000, r"a table: it has 9,000,001 columns; the limit is 1,000\."),
    "cell.csv": (b"name\n" + b"x" * 200_000, r"a table: line 2: field larger than field limit"),
    "rows.csv": (b"n\n" + b"a\n" * 100_001, r"a table: it has more rows than the limit of 100,000\."),
    "big.txt": (b"x" * (MOST_BYTES + 1_000_000), r"big\.txt has 11\.0 MB; the limit is 10 MB\."),
    "letter.docx": (b"PK\3\4", r"is of no kind that can be read here\."),
    "Makefile": (b"all:", r"is of no kind that can be read here\."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_file_that_is_not_what_its_name_says_ends_in_its_own_message(name, tmp_path):
    """One sentence names the file, what is wrong and where, with an order what to do; nothing of it is kept."""
    content, words = HOSTILE[name]
    began = time.process_time()

    with pytest.raises(DocumentError, match=words) as caught:
        read_document(content, name, tmp_path)

    assert time.process_time() - began < 3
    assert caught.value.message.startswith(name) and caught.value.message.endswith(".")
    assert len(caught.value.message) < 200 and caught.value.hint.endswith(".")
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=40)
@given(text=ANY_TEXT, encoding=st.sampled_from(list(ENCODINGS)), ends=st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_text_comes_back_whatever_its_encoding_and_line_ends(text, encoding, ends, tmp_path_factory):
    """UTF-8 with and without a mark and UTF-16 with one give the text, with LF where its lines end."""
    lines = ["first", text.replace("\r", ""), "last"]
    content = ENCODINGS[encoding] + "\n".join(lines).replace("\n", ends).encode(encoding)

    document = read_document(content, "letter.txt", tmp_path_factory.getbasetemp())

    assert document.page_texts == ("\n".join(lines),)
    assert (document.kind, document.reader, document.pages, document.bytes) == ("text", "text", 1, len(content))


@settings(max_examples=40)
@given(value=JSON, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_json_comes_back(value, indent, ascii_only, tmp_path_factory):
    """Any JSON value is what it was, however it was written."""
    content = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()

    document = read_document(content, "value.json", tmp_path_factory.getbasetemp())

    assert document.kind == "json"
    assert value_of(document) == value


@settings(max_examples=40)
@given(values=st.lists(JSON, min_size=1, max_size=5), blank=st.sampled_from(["", "\n", "\r\n  \n"]))
def test_json_lines_come_back(values, blank, tmp_path_factory):
    """Each line is a value, blank lines are none, and the rest of Unicode's line ends may stand in a text."""
    content = f"\n{blank}".join(json.dumps(value, ensure_ascii=False) for value in values).encode()

    document = read_document(content, "values.jsonl", tmp_path_factory.getbasetemp())

    assert (document.kind, document.pages) == ("json", len(values))
    assert value_of(document) == values


@settings(max_examples=60)
@given(names=NAMES, data=st.data(), delimiter=st.sampled_from(",;\t|"))
def test_a_table_comes_back(names, data, delimiter):
    """Whatever stands in the cells, rows written with a delimiter and read with it are the same."""
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(names, CELL)), min_size=1, max_size=5))

    assert read_rows(written(names, rows, delimiter), delimiter) == rows


def written(names, rows, delimiter):
    """A table as a text, with as few quotes as there may be."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    writer.writerows([names, *([row[name] for name in names] for row in rows)])
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("name,team\na;b;c,d", ","),
        ("name;price\na;1,5\nb;2,5", ";"),
        ("name\tprice\na, b\t1\nc\t2", "\t"),
        ("name|team\na|b", "|"),
        ("name\na\nb", ","),
        ('name,"a;b"\n"1\n2",3', ","),
        ("name;note\na;b,c\nd;e,f", ";"),
        ("a;b,c\nd;e,f", ","),
    ],
)
def test_the_delimiter_is_the_one_that_gives_rows_of_one_width(text, delimiter):
    """A comma wins where it does; decimal commas, and semicolons in cells, mislead nobody."""
    assert delimiter_of(text) == delimiter


def test_the_index_that_pandas_writes_may_have_no_name(tmp_path):
    """One column without a name is read, and its name is the empty text."""
    document = read_document(b",name\r\n0,Ada\r\n \r\n1,Bo\r\n", "frame.csv", tmp_path)

    assert value_of(document) == [{"": "0", "name": "Ada"}, {"": "1", "name": "Bo"}]
    assert document.pages == 2


def test_json_of_a_hundred_levels_is_read():
    """Brackets in texts don't count, and one level more is refused."""
    deep = "[" * 100 + '"[[\\"{{"' + "]" * 100

    assert read_json(deep)
    with pytest.raises(UnfitJsonError, match="deeper than 100"):
        read_json(f"[{deep}]")


def test_a_table_of_a_hundred_thousand_rows_is_read(tmp_path):
    """So many rows are no more than the limit."""
    document = read_document(b"n,m\n" + b"a,b\n" * MOST_ROWS, "rows.csv", tmp_path)

    assert document.pages == MOST_ROWS


def test_a_pdf_is_a_pdf_whatever_its_name_says(tmp_path):
    """The mark at its beginning wins; where a name says nothing, a mark a little later does."""
    pdf = text_pdf(["Cats sleep."])

    by_mark = read_document(pdf, "pets.txt", tmp_path)
    later = read_document(b"\n\n" + pdf, "download", tmp_path)

    assert (by_mark.kind, later.kind) == ("pdf", "pdf")
    assert [own.page_texts[0].strip() for own in (by_mark, later)] == ["Cats sleep."] * 2


def test_a_text_may_speak_of_pdfs(tmp_path):
    """The mark of PDFs inside a text file makes it none."""
    assert read_document(b"A PDF begins with %PDF-1.7.", "about.md", tmp_path).kind == "text"


def test_the_same_bytes_under_two_forms_are_two_documents(tmp_path):
    """A table, the same as JSON Lines and the same as a text stand beside each other; the text has the file's hash."""
    content = b'"a"\n"b"\n'

    read = {name: read_document(content, name, tmp_path) for name in ("x.txt", "x.md", "x.csv", "x.tsv", "x.jsonl")}

    assert len({document.sha256 for document in read.values()}) == 4
    assert read["x.txt"].sha256 == read["x.md"].sha256 == hashlib.sha256(content).hexdigest()
    assert [open_document(own.sha256, name, tmp_path) for name, own in read.items()] == list(read.values())


def test_a_document_kept_by_an_older_workbench_is_a_pdf(tmp_path):
    """What was kept before there were kinds opens as before."""
    document = read_document(text_pdf(["Kept."]), "kept.pdf", tmp_path)
    path = tmp_path / "documents" / f"{document.sha256}.json"
    kept = json.loads(path.read_bytes())
    del kept["kind"]
    path.write_text(json.dumps(kept))

    assert open_document(document.sha256, "kept.pdf", tmp_path) == document


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [("p.pdf", text_pdf(["Kept."]), ".pdf"), ("t.md", b"\xef\xbb\xbfa\r\n", ".txt"), ("r.csv", b"n\r\n1", ".csv")],
)
def test_the_bytes_are_kept_as_they_came(name, content, ending, tmp_path):
    """Byte by byte, for the owner's eyes only, and with nothing of the file's name but what its kind says."""
    document = read_document(content, name, tmp_path)

    path = kept_file(document.sha256, tmp_path)

    assert path.read_bytes() == content
    assert (path.parent, path.name) == (tmp_path / "uploads", f"{document.sha256}{ending}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "0" * 64, "../uploads/" + "0" * 64, "0" * 64 + "\n", "a.pdf"])
def test_no_name_but_a_hash_finds_kept_bytes(name, tmp_path):
    """A name that is unknown, or is no hash, finds nothing."""
    assert kept_file(name, tmp_path) is None


def test_bytes_that_had_to_go_are_kept_again_when_they_are_brought_again(tmp_path):
    """The text was there all the time, and the file is back after the same bytes were added."""
    pdf, table = text_pdf(["Twice."]), b"n\n1a\n"
    documents = [read_document(pdf, "p.pdf", tmp_path), read_document(table, "t.csv", tmp_path)]
    for document in documents:
        kept_file(document.sha256, tmp_path).unlink()

    again = [read_document(pdf, "p.pdf", tmp_path), read_document(table, "t.csv", tmp_path)]

    assert again == documents
    assert [kept_file(own.sha256, tmp_path).read_bytes() for own in again] == [pdf, table]


def test_neither_a_locked_pdf_nor_one_without_text_leaves_its_bytes(tmp_path):
    """Only the text that the password opened is kept; of a scan nothing is."""
    locked = encrypted_pdf(["Behind the door."], "word")

    document = read_document(locked, "locked.pdf", tmp_path, password="word")
    with pytest.raises(DocumentError):
        read_document(image_only_pdf(1), "scan.pdf", tmp_path)

    assert kept_file(document.sha256, tmp_path) is None
    assert kept_file(hashlib.sha256(locked).hexdigest(), tmp_path) is None
    assert not (tmp_path / "uploads").exists()


def test_the_oldest_bytes_go_when_room_is_short(tmp_path):
    """Of four files of 10 bytes in a room of 30 the one goes that was used longest ago; the newest always stays."""
    names = [letter * 64 for letter in "abcd"]
    for age, name in enumerate(names[:3]):
        keep_file(b"x" * 10, name, "text", tmp_path, room_bytes=30)
        os.utime(tmp_path / "uploads" / f"{name}.txt", (1000 + age, 1000 + age))
    used = kept_file(names[0], tmp_path)

    keep_file(b"x" * 10, names[3], "text", tmp_path, room_bytes=30)
    kept = [name[0] for name in names if kept_file(name, tmp_path)]
    keep_file(b"x" * 99, "e" * 64, "text", tmp_path, room_bytes=30)

    assert used and kept == ["a", "c", "d"]
    assert [path.name[0] for path in (tmp_path / "uploads").iterdir()] == ["e"]


def test_a_full_disk_is_told_in_a_sentence(tmp_path):
    """Where the state folder takes no files, the error has the system's reason."""
    (tmp_path / "uploads").write_text("a file where the folder should be")

    with pytest.raises(DocumentError, match=r"^t.txt could not be read: File exists\.$"):
        read_document(b"text", "t.txt", tmp_path)
