"""The text of a document, read once and kept by the hash of its bytes."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from workbench.documents.best_reading import best_of, note_on
from workbench.documents.child_events import ChildStoppedError
from workbench.documents.identities import names_of
from workbench.documents.kinds import form_of
from workbench.documents.pdf_reader import Limits, Progress, Reading, read_pdf
from workbench.documents.pdf_refusals import refusal, refuse_size, stopped, unread
from workbench.documents.plain_reading import read_plain
from workbench.documents.store import forget_locked, keep_document, keep_locked, locked_pdf, open_document
from workbench.documents.uploads import keep_file, kept_file
from workbench.errors import DocumentError
from workbench.records import Document

__all__ = ["LIMITS", "kept_file", "locked_pdf", "open_document", "read_document"]

LIMITS = Limits()

Refusal = Callable[[str], DocumentError]
"""(name of the file) -> why it has no text; whoever brought the file has a name of their own for it."""


@dataclass(frozen=True)
class PdfFile:
    """A PDF on disk that is to be read."""

    path: Path
    sha256: str
    """Of its bytes."""
    identity: str
    """What its text will be kept under."""
    password: str = field(default="", repr=False)


def read_document(
    content: bytes,
    name: str,
    home: Path,
    *,
    password: str = "",
    on_page: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    limits: Limits = LIMITS,
) -> Document:
    """The text of a file; the same bytes are read once, then taken from home/documents. Blocks until it is there.

    Args:
        content: A PDF, or a text, JSON or a table if the name says so.
        name: What messages call it.
        home: The state folder.
        password: For a locked PDF.
        on_page: Told when the file is open and after each page; begins anew when the second reader does.
        stop: Asked ten times a second.
        limits: What reading may cost.

    Raises:
        DocumentError: There is no text, with the kind of reason.
        StopError: stop said so; nothing is kept.
    """
    if (form := form_of(content, name)) != "pdf":
        return read_plain(content, name, form, home)
    refuse_size(content, name, limits)
    sha256, identity = names_of(content, password)
    if kept := kept_document(content, (sha256, identity), name, home):
        return kept
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "document.pdf")
        path.write_bytes(content)
        file = PdfFile(path, sha256, identity, password)
        try:
            read = read_file(file, home, limits, on_page=on_page, stop=stop)
        except ChildStoppedError:
            raise stopped(name) from None
    if isinstance(read, Document):
        return replace(read, name=name)
    raise read(name)


def read_file(
    file: PdfFile,
    home: Path,
    limits: Limits,
    *,
    on_page: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Document | Refusal:
    """Read a PDF and keep its text, or say why there is none.

    pypdf reads first; where its text is doubtful, pdfium reads too and the better text is kept. Of a PDF that reaches a
    limit the pages read so far are kept, with a note. A locked PDF is kept until its password comes; its text is then
    kept under a name made from bytes and password, so that the bytes alone don't open it for anyone else. The bytes are
    kept too, unless a password was given.

    Raises:
        ChildStoppedError: stop said so; nothing is kept.
    """
    readings: list[Reading] = []
    for reader in ("pypdf", "pdfium"):
        readings.append(read_pdf(reader, file.path, limits, password=file.password, on_page=on_page, stop=stop))
        if not readings[-1].is_doubtful:
            break
    best = best_of(readings)
    size = file.path.stat().st_size
    if not best.has_text:
        refused = partial(refusal, readings=readings, limits=limits, password=bool(file.password))
        if refused("").kind == "encrypted":
            keep_locked(file.sha256, file.path.read_bytes(), home)
        return refused
    note = note_on(best, limits)
    document = Document(file.identity, "", size, best.pages, tuple(best.page_texts), best.reader, note)
    if file.identity == file.sha256:
        keep_file(file.path.read_bytes(), file.sha256, "pdf", home)
    keep_document(document, home)
    forget_locked(file.sha256, home)
    return document


def kept_document(pdf: bytes, names: tuple[str, str], name: str, home: Path) -> Document | None:
    """The document kept under either of its names: a PDF that opens freely was perhaps given a needless password.

    Its bytes are kept again where they were the oldest and had to go.

    Raises:
        DocumentError: The disk takes no more.
    """
    sha256, identity = names
    if not (free := open_document(sha256, name, home)):
        return open_document(identity, name, home)
    try:
        keep_file(pdf, sha256, "pdf", home)
    except OSError as error:
        raise unread(name, error) from error
    return free
