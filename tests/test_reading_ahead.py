import time

import pytest

from tests.conftest import until
from tests.pdfs import image_only_pdf, slow_pdf, text_pdf
from workbench.errors import UsageError
from workbench.reading_ahead import ReadingAhead


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return tmp_path


def file(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_documents_come_in_the_order_in_which_they_are_named(folder):
    """Those with text and those without come apart, each once, whatever its name is the second time."""
    paths = [
        file(folder, "b.pdf", text_pdf(["Second by name."])),
        file(folder, "scan.pdf", image_only_pdf()),
        file(folder, "a.pdf", text_pdf(["First by name."])),
        file(folder, "again.pdf", text_pdf(["Second by name."])),
    ]

    documents, unread = ReadingAhead(paths).result()

    assert [document.page_texts[0].strip() for document in documents] == ["Second by name.", "First by name."]
    assert [(document.name, error.kind) for document, error in unread] == [("scan.pdf", "no text")]


def test_a_file_that_is_not_there_is_told_when_the_documents_are_wanted(folder):
    """Making the object raises nothing: other mistakes of the command may come first."""
    reading = ReadingAhead([file(folder, "a.pdf", text_pdf(["text"])), str(folder / "no.pdf")])

    with pytest.raises(UsageError, match=r"no.pdf can't be read: No such file or directory."):
        reading.result()


def test_a_reading_that_is_not_wanted_ends_at_once(folder):
    """A wrong option of the command need not wait for a PDF that takes a dozen seconds."""
    paths = [file(folder, "a.pdf", text_pdf(["text"])), file(folder, "slow.pdf", slow_pdf(["Page 1."]))]
    reading = ReadingAhead(paths)
    assert until(lambda: any((folder / "home" / "documents").glob("*")))

    began = time.monotonic()
    reading.stop()

    assert time.monotonic() - began < 3
    assert [document.name for document in reading.result()[0]] == ["a.pdf"]


def test_files_that_are_no_pdf_are_read_in_the_same_order(folder):
    """A table, a letter and broken JSON beside a PDF: each is told apart by its name and its beginning."""
    paths = [
        file(folder, "people.csv", b"name,team\nAda,office\n"),
        file(folder, "broken.json", b"{"),
        file(folder, "named.txt", text_pdf(["A PDF by its beginning."])),
        file(folder, "letter.txt", "Dear Ada".encode("utf-16")),
    ]

    documents, unread = ReadingAhead(paths).result()

    assert [(own.name, own.kind) for own in documents] == [
        ("people.csv", "table"),
        ("named.txt", "pdf"),
        ("letter.txt", "text"),
    ]
    assert [(document.name, error.kind) for document, error in unread] == [("broken.json", "damaged")]
