"""Claims about workbench.documents.reading and the children that read for it."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from tests import pdfs
from workbench.documents.child_events import events_of
from workbench.documents.pdf_reader import Limits, Progress
from workbench.documents.reading import locked_pdf, open_document, read_document
from workbench.errors import DocumentError, StopError

NO_TIME = Limits(pypdf_seconds=0, pdfium_seconds=0)
SATZ = "この文書は、プロンプトをコードとして扱う方法を説明します。"

HOSTILE = {
    "encrypted": (pdfs.encrypted_pdf(["secret"], "word"), "encrypted", "needs a password"),
    "truncated": (pdfs.truncated_pdf(), "damaged", "is damaged or not a PDF"),
    "images": (pdfs.image_only_pdf(2), "no text", "its 2 pages are probably scans"),
    "zero pages": (pdfs.zero_page_pdf(), "damaged", "has 0 pages; at least 1 is needed"),
    "3 GB": (pdfs.memory_bomb_pdf(3), "limit", "needs more memory than the limit of 1 GB"),
    "no bytes": (b"", "damaged", "has 0 bytes"),
    "no PDF": (b"Dear reader, this is a letter. " * 50, "damaged", "is damaged or not a PDF"),
}


def test_text_of_each_page_is_read(tmp_path):
    """An honest PDF gives one clean text per page, read with the first reader, and nothing to note."""
    pdf = pdfs.text_pdf(["Page one (of two): “Grüße” \\ 5 €.", "Page two."])

    document = read_document(pdf, "two.pdf", tmp_path)

    assert [text.strip() for text in document.page_texts] == ["Page one (of two): “Grüße” \\ 5 €.", "Page two."]
    assert (document.reader, document.pages, document.note, document.name) == ("pypdf", 2, "", "two.pdf")
    assert (document.bytes, document.sha256) == (len(pdf), sha256(pdf).hexdigest())


@pytest.mark.parametrize("case", HOSTILE)
def test_every_hostile_pdf_ends_in_its_own_message_in_time(case, tmp_path):
    """Each kind ends within 25 seconds in one sentence that names the file, and an order what to do."""
    pdf, kind, words = HOSTILE[case]
    began = time.monotonic()

    with pytest.raises(DocumentError) as caught:
        read_document(pdf, "pets.pdf", tmp_path)

    assert time.monotonic() - began < 25
    assert caught.value.kind == kind
    assert words in caught.value.message
    assert caught.value.message.startswith("pets.pdf ")
    assert caught.value.hint.endswith(".")


def test_a_second_read_does_no_work(tmp_path):
    """The same bytes are read with no time left for any reader, and the caller's name is used."""
    pdf = pdfs.text_pdf(["Once."])
    first = read_document(pdf, "first.pdf", tmp_path)

    second = read_document(pdf, "second.pdf", tmp_path, limits=NO_TIME)

    assert second.page_texts == first.page_texts
    assert second.name == "second.pdf"


def test_what_is_kept_is_opened_by_its_hash(tmp_path):
    """open_document gives the equal document back, under any name, and None for a hash that is unknown or is none."""
    document = read_document(pdfs.text_pdf(["Kept \u20ac."]), "kept.pdf", tmp_path)

    assert open_document(document.sha256, "kept.pdf", tmp_path) == document
    assert open_document("0" * 64, "kept.pdf", tmp_path) is None
    assert open_document(f"../documents/{document.sha256}", "kept.pdf", tmp_path) is None
    assert open_document(document.sha256 + "\n", "kept.pdf", tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b'{"format": 99}', b"\xff", b"null"])
def test_a_broken_file_is_read_anew(content, tmp_path):
    """Whatever stands in the file that was kept, the PDF gives its text."""
    pdf = pdfs.text_pdf(["Still here."])
    kept = tmp_path / "documents" / f"{sha256(pdf).hexdigest()}.json"
    kept.parent.mkdir()
    kept.write_bytes(content)

    document = read_document(pdf, "broken.pdf", tmp_path)

    assert document.page_texts[0].strip() == "Still here."
    assert open_document(document.sha256, "broken.pdf", tmp_path) == document


def test_a_password_opens_and_is_not_kept(tmp_path):
    """A locked PDF waits on disk, opens with its password, and then neither PDF nor password is there."""
    pdf = pdfs.encrypted_pdf(["Behind the door."], "Käse-42")
    with pytest.raises(DocumentError):
        read_document(pdf, "locked.pdf", tmp_path)
    waiting = locked_pdf(sha256(pdf).hexdigest(), tmp_path)

    document = read_document(waiting or b"", "locked.pdf", tmp_path, password="Käse-42")

    assert waiting == pdf
    assert document.page_texts[0].strip() == "Behind the door."
    assert locked_pdf(document.sha256, tmp_path) is None
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert not any(word in kept[0] for word in (b"se-42", "Käse".encode()))


def test_the_bytes_alone_do_not_open_what_a_password_has_opened(tmp_path):
    """Whoever has the file but not the password is refused after somebody opened it; with it, nothing is read anew."""
    pdf = pdfs.encrypted_pdf(["secret"], "word")
    opened = read_document(pdf, "locked.pdf", tmp_path, password="word")

    again = read_document(pdf, "locked.pdf", tmp_path, password="word", limits=NO_TIME)
    with pytest.raises(DocumentError, match="needs a password"):
        read_document(pdf, "locked.pdf", tmp_path)
    with pytest.raises(DocumentError, match="password does not open"):
        read_document(pdf, "locked.pdf", tmp_path, password="wrong")

    assert again == opened


def test_a_wrong_password_is_told_apart_from_none(tmp_path):
    """The message says that the password does not open the file."""
    pdf = pdfs.encrypted_pdf(["Behind the door."], "right")

    with pytest.raises(DocumentError, match="password does not open") as caught:
        read_document(pdf, "locked.pdf", tmp_path, password="wrong")

    assert caught.value.kind == "encrypted"


def test_a_pdf_locked_for_editing_only_is_read_whatever_password_is_given(tmp_path):
    """The empty password is tried first."""
    pdf = pdfs.encrypted_pdf(["Open to readers."], "")

    document = read_document(pdf, "open.pdf", tmp_path, password="needless")

    assert document.page_texts[0].strip() == "Open to readers."


@pytest.mark.parametrize("cmap", ["EUC-H", "90pv-RKSJ-H"])
def test_japanese_that_the_first_reader_garbles_is_read_by_the_second(cmap, tmp_path):
    """Both where the rubbish shows and where only the reader's warning tells."""
    document = read_document(pdfs.japanese_pdf([SATZ, SATZ], cmap), "satz.pdf", tmp_path)

    assert document.reader == "pdfium"
    assert [text.strip() for text in document.page_texts] == [SATZ, SATZ]


def test_pages_beyond_the_limit_are_noted(tmp_path):
    """The first pages are there, and the note says how many there are and why."""
    pdf = pdfs.text_pdf(["One.", "Two.", "Three."])

    document = read_document(pdf, "three.pdf", tmp_path, limits=Limits(pages=2))

    assert [text.strip() for text in document.page_texts] == ["One.", "Two."]
    assert document.pages == 3
    assert document.note == "read 2 of 3 pages: the limit is 2 pages"


def test_characters_beyond_the_limit_are_noted(tmp_path):
    """The text ends at the limit, and the note says so."""
    document = read_document(pdfs.text_pdf(["word " * 9] * 5), "long.pdf", tmp_path, limits=Limits(characters=100))

    assert document.characters <= 100
    assert document.note == "read 3 of 5 pages: the limit is 100 characters"


def test_a_slow_pdf_gives_what_was_read_in_time(tmp_path):
    """Pages before one that takes too long are kept, with a note."""
    slow = pdfs.slow_pdf(["One.", "Two."])

    document = read_document(slow, "slow.pdf", tmp_path, limits=Limits(pypdf_seconds=6, pdfium_seconds=0))

    assert [text.strip() for text in document.page_texts] == ["One.", "Two."]
    assert document.note == "read 2 of 3 pages: the time limit was reached"


def test_a_long_pdf_may_take_long_while_it_gets_on(tmp_path):
    """All of thirty pages are there, though one after the other they take longer than a reader's time for one."""
    limits = Limits(pypdf_seconds=2.5, pdfium_seconds=0)

    document = read_document(pdfs.slow_pdf([], 30, 2_500), "long.pdf", tmp_path, limits=limits)

    assert (len(document.page_texts), document.note) == (30, "")


def test_pages_that_take_too_long_on_average_end_the_reading(tmp_path):
    """A PDF that always gets on, but too slowly, gives the pages it came to."""
    limits = Limits(pypdf_seconds=1.5, seconds_per_page=0.01, pdfium_seconds=0)

    document = read_document(pdfs.slow_pdf([], 60, 2_500), "drip.pdf", tmp_path, limits=limits)

    assert 0 < len(document.page_texts) < 60
    assert document.note == f"read {len(document.page_texts)} of 60 pages: the time limit was reached"


def test_a_thousand_pages_are_read_wholly(tmp_path):
    """The first and the last page of a long document are there, and there is nothing to note."""
    pages = [f"Page {number} of a long book." for number in range(1, 1001)]

    document = read_document(pdfs.text_pdf(pages), "book.pdf", tmp_path)

    assert [text.strip() for text in document.page_texts] == pages
    assert (document.pages, document.note) == (1000, "")


def test_a_long_scan_is_refused_as_a_scan(tmp_path):
    """Hundreds of pages without a character are called scans, also where the first reader's time did not suffice."""
    limits = Limits(pypdf_seconds=0.5)

    with pytest.raises(DocumentError, match="its 2,000 pages are probably scans") as caught:
        read_document(pdfs.image_only_pdf(2000), "scan.pdf", tmp_path, limits=limits)

    assert caught.value.kind == "no text"


def test_a_page_without_text_is_noted(tmp_path):
    """A scanned page among others is counted, and the others are read."""
    document = read_document(pdfs.text_pdf(["One.", "", "Three."]), "mixed.pdf", tmp_path)

    assert document.note == "1 of 3 pages have no text and may be scans"


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    """The message has the size and the limit, and nothing is kept."""
    with pytest.raises(DocumentError, match=r"big.pdf has 2.0 MB; the limit is 1 MB.") as caught:
        read_document(b"x" * 2_000_000, "big.pdf", tmp_path, limits=Limits(bytes=1_000_000))

    assert caught.value.kind == "too large"
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_page_by_page(tmp_path):
    """on_page gets the pages read and the pages to read, from the opened file to the last page."""
    seen = []

    read_document(pdfs.text_pdf(["One.", "Two."]), "two.pdf", tmp_path, on_page=seen.append)

    assert seen == [Progress("pypdf", page, 2) for page in range(3)]


def test_a_stop_ends_the_reading_and_keeps_nothing(tmp_path):
    """Reading ends with a StopError, and the next read begins anew."""
    pdf = pdfs.text_pdf(["One."])

    with pytest.raises(StopError):
        read_document(pdf, "one.pdf", tmp_path, stop=lambda: True)

    assert list(tmp_path.iterdir()) == []
    assert read_document(pdf, "one.pdf", tmp_path, stop=lambda: False).pages == 1


def test_readers_of_one_file_at_once_do_not_disturb_each_other(tmp_path):
    """Four threads get equal documents, and one file is kept."""
    pdf = pdfs.text_pdf(["Together."] * 3)

    with ThreadPoolExecutor(4) as pool:
        documents = list(pool.map(lambda _: read_document(pdf, "one.pdf", tmp_path), range(4)))

    assert all(document == documents[0] for document in documents)
    assert len(list((tmp_path / "documents").iterdir())) == 1


def test_a_file_name_is_one_printable_line_in_a_message(tmp_path):
    """Line ends, bidirectional marks and length of a name can't shape the message."""
    with pytest.raises(DocumentError) as caught:
        read_document(b"", "evil\n\u202efdp" + "x" * 500, tmp_path)

    assert caught.value.message.startswith("evil??fdpxxx")
    assert len(caught.value.message) < 130


def _in(seconds):
    """A deadline that does not move."""
    end = time.monotonic() + seconds
    return lambda: end


def test_a_child_sees_no_key_and_is_told_by_standard_input(monkeypatch):
    """A secret of the environment does not reach the child; what it is told does."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    code = "import json, os, sys; print(json.dumps({'keys': 'OPENAI_API_KEY' in os.environ, 'told': sys.stdin.read()}))"

    events = list(events_of([sys.executable, "-I", "-c", code], "the word", _in(20)))

    assert events == [{"keys": False, "told": "the word"}]


def test_lines_of_a_child_that_are_no_objects_are_passed_over():
    """A cut line, a number and rubbish do no harm to the events around them."""
    code = "print('{\"a\": 1}'); print('5'); print('{\"b\"'); print('\\x80'); print('{\"c\": 2}')"

    events = list(events_of([sys.executable, "-I", "-c", code], "", _in(20)))

    assert events == [{"a": 1}, {"c": 2}]


def test_a_child_that_never_ends_is_ended():
    """When the time is over the events so far were given, and a TimeoutError comes."""
    code = "import sys, threading; print('{}', flush=True); threading.Event().wait()"
    events = []

    with pytest.raises(TimeoutError):
        for event in events_of(
            [sys.executable, "-I", "-c", code], "", lambda: time.monotonic() + (0 if events else 20)
        ):
            events.append(event)

    assert events == [{}]
