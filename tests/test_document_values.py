"""Claims about documents as values of a dataflow's node or input."""

import io
import tempfile
import typing
from itertools import product
from pathlib import Path
from typing import Any, TypedDict

import pandas as pd
import pytest
from hamilton.htypes import check_input_type
from pypdf import PdfReader

from tests.pdfs import encrypted_pdf, text_pdf
from workbench.documents.reading import kept_file, read_document
from workbench.documents.values import document_value, suffixes_for
from workbench.errors import InputError


class Ticket(TypedDict):
    """An order, as a dataflow may type it."""

    item: str


PDF = text_pdf(["Cats sleep.", "Dogs bark."])
FILES = {
    "pets.pdf": PDF,
    "letter.txt": b"\xef\xbb\xbfDear reader,\r\nbye.",
    "ticket.json": b'{"item": "lamp", "count": 2, "tags": ["a"]}',
    "texts.json": b'["one", "two"]',
    "tickets.jsonl": b'{"item": "lamp"}\n{"item": "bed"}\n',
    "stock.csv": b"item;price\nlamp;12\nbed;99\n",
}
ROWS = [{"item": "lamp", "price": "12"}, {"item": "bed", "price": "99"}]
TICKET = {"item": "lamp", "count": 2, "tags": ["a"]}
TICKETS = [{"item": "lamp"}, {"item": "bed"}]
LETTER = "Dear reader,\nbye."

VALUES = [
    ("letter.txt", str, LETTER),
    ("letter.txt", list[str], [LETTER]),
    ("letter.txt", Any, LETTER),
    ("letter.txt", bytes, FILES["letter.txt"]),
    ("letter.txt", str | None, LETTER),
    ("ticket.json", dict, TICKET),
    ("ticket.json", dict[str, Any], TICKET),
    ("ticket.json", list | dict, TICKET),
    ("ticket.json", str | dict, TICKET),
    ("ticket.json", Any, TICKET),
    ("ticket.json", str, FILES["ticket.json"].decode()),
    ("texts.json", list[str], ["one", "two"]),
    ("texts.json", list, ["one", "two"]),
    ("tickets.jsonl", list[dict], TICKETS),
    ("tickets.jsonl", list[Ticket], TICKETS),
    ("tickets.jsonl", typing.Sequence[dict[str, str]], TICKETS),
    ("stock.csv", list[dict], ROWS),
    ("stock.csv", list[dict[str, str]], ROWS),
    ("stock.csv", Any, ROWS),
    ("stock.csv", str, FILES["stock.csv"].decode()),
    ("stock.csv", bytes, FILES["stock.csv"]),
    ("pets.pdf", bytes, PDF),
]


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A file of FILES as (document, where its bytes are)."""
    home = tmp_path_factory.mktemp("home")
    documents = {name: read_document(content, name, home) for name, content in FILES.items()}
    return lambda name: (documents[name], kept_file(documents[name].sha256, home))


@pytest.mark.parametrize(("name", "wanted", "value"), VALUES, ids=lambda own: str(own)[:40])
def test_a_document_becomes_a_value_of_the_type(read, name, wanted, value):
    """Each kind is what the type can hold of it, and Hamilton takes it."""
    document, file = read(name)

    found = document_value(document, wanted, file)

    assert found == value
    assert check_input_type(wanted, found)


@pytest.mark.parametrize(
    "wanted",
    [
        io.BytesIO,
        io.IOBase,
        typing.BinaryIO,
        typing.IO[bytes],
        tempfile.SpooledTemporaryFile,
        bytes | tempfile.SpooledTemporaryFile,
        str | io.BytesIO | tempfile.SpooledTemporaryFile,
        Path,
        str,
        str | Path,
        str | typing.BinaryIO,
        Any,
    ],
    ids=str,
)
def test_a_reader_of_pdfs_can_read_what_a_dataflow_is_given(read, wanted):
    """Under every type that a reader of PDFs takes, the value opens and has the pages."""
    document, file = read("pets.pdf")

    value = document_value(document, wanted, file)

    assert [page.extract_text().strip() for page in PdfReader(value).pages] == ["Cats sleep.", "Dogs bark."]


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (str | bytes | io.BytesIO, io.BytesIO),
        (str | bytes | tempfile.SpooledTemporaryFile, tempfile.SpooledTemporaryFile),
        (str | Path | bytes, bytes),
        (str | Path, Path),
        (str | typing.BinaryIO, str),
        (list[str] | bytes, list),
    ],
)
def test_of_a_union_the_most_readable_type_is_taken(read, wanted, kind):
    """File objects before bytes, paths and texts; typing's file types come last, as Hamilton takes no file for them."""
    document, file = read("pets.pdf")

    value = document_value(document, wanted, file)

    assert isinstance(value, kind)
    assert check_input_type(wanted, value)


def test_a_table_becomes_a_frame_as_pandas_reads_it(read):
    """Numbers are numbers; the rows of JSON Lines become a frame too."""
    stock = document_value(*read("stock.csv")[:1], pd.DataFrame)
    tickets = document_value(*read("tickets.jsonl")[:1], pd.DataFrame)

    assert stock.to_dict("records") == [{"item": "lamp", "price": 12}, {"item": "bed", "price": 99}]
    assert tickets.to_dict("records") == TICKETS


@pytest.mark.parametrize(
    ("name", "wanted"), [("pets.pdf", io.BytesIO), ("ticket.json", dict), ("stock.csv", list), ("pets.pdf", list[str])]
)
def test_each_call_gives_a_value_of_its_own(read, name, wanted):
    """What one variant does to its value, the next one's does not show."""
    document, file = read(name)
    first = document_value(document, wanted, file)
    before = document_value(document, wanted, file)
    first.read() if isinstance(first, io.BytesIO) else first.clear()

    second = document_value(document, wanted, file)

    as_plain = (lambda own: own.getvalue()) if isinstance(first, io.BytesIO) else list
    assert as_plain(second) == as_plain(before) and as_plain(second)
    assert not isinstance(second, io.BytesIO) or second.tell() == 0


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        ("pets.pdf", dict, "pets.pdf is a PDF, and the dataflow takes dict."),
        ("letter.txt", list[dict], "letter.txt is a text, and the dataflow takes list[dict]."),
        ("letter.txt", pd.DataFrame, "letter.txt is a text, and the dataflow takes DataFrame."),
        ("ticket.json", list[dict], "ticket.json is JSON that is an object, and the dataflow takes list[dict]."),
        (
            "ticket.json",
            list[str] | int,
            "ticket.json is JSON that is an object, and the dataflow takes list[str] | int.",
        ),
        ("ticket.json", pd.DataFrame, "ticket.json is JSON that is an object, and the dataflow takes DataFrame."),
        ("tickets.jsonl", list[str], "tickets.jsonl is JSON that is a list, and the dataflow takes list[str]."),
        ("stock.csv", dict, "stock.csv is a table, and the dataflow takes dict."),
        ("stock.csv", list[str], "stock.csv is a table, and the dataflow takes list[str]."),
        ("stock.csv", list[dict[str, int]], "stock.csv is a table, and the dataflow takes list[dict[str, int]]."),
    ],
)
def test_a_kind_that_can_not_become_the_type_is_refused(read, name, wanted, words):
    """The message names the document's kind and the dataflow's type."""
    document, file = read(name)

    with pytest.raises(InputError) as caught:
        document_value(document, wanted, file)

    assert caught.value.message == words
    assert "workbench.toml" in caught.value.hint


def test_a_file_that_is_not_kept_is_asked_for(tmp_path):
    """Of a locked PDF, and of one whose bytes had to go, the message says what to add; its text is there."""
    locked = read_document(encrypted_pdf(["Behind."], "word"), "vault.pdf", tmp_path, password="word")

    files = (kept_file(locked.sha256, tmp_path), tmp_path / "gone")

    for file, wanted in product(files, (bytes, io.BytesIO, Path, str)):
        with pytest.raises(InputError, match=r"reads the file of vault.pdf by itself, and it is not kept") as caught:
            document_value(locked, wanted, file)

    assert "without" in caught.value.hint
    assert document_value(locked, list[str]) == list(locked.page_texts)


@pytest.mark.parametrize(
    ("wanted", "name", "suffixes"),
    [
        (list[str], "page_texts", "pdf txt md"),
        (str, "transcript", "txt md json jsonl ndjson csv tsv"),
        (str, "pdf_path", "pdf txt md json jsonl ndjson csv tsv"),
        (bytes, "contract", "pdf txt md json jsonl ndjson csv tsv"),
        (str | io.BytesIO, "source", "pdf txt md json jsonl ndjson csv tsv"),
        (dict, "order", "json jsonl ndjson"),
        (list[int], "numbers", "json jsonl ndjson"),
        (Ticket | None, "ticket", "json jsonl ndjson"),
        (list[dict], "tickets", "json jsonl ndjson csv tsv"),
        (pd.DataFrame, "stock", "json jsonl ndjson csv tsv"),
        (int, "number", ""),
    ],
)
def test_files_are_offered_by_the_type(wanted, name, suffixes):
    """Only files that can become a value; a text is offered PDFs only where its name speaks of one."""
    assert suffixes_for(wanted, name) == tuple(suffixes.split())
