"""The text of a PDF, read once and kept by the hash of its bytes."""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from workbench.documents.best_reading import best_of, note_on
from workbench.documents.child_events import ChildStoppedError
from workbench.documents.pdf_reader import Limits, Progress, Reading, read_pdf
from workbench.documents.pdf_refusals import refusal, refuse_size, stopped
from workbench.documents.store import forget_locked, keep_document, keep_locked, locked_pdf, open_document
from workbench.errors import DocumentError
from workbench.records import Document

__all__ = ["LIMITS", "locked_pdf", "open_document", "read_document"]

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
    pdf: bytes,
    name: str,
    home: Path,
    *,
    password: str = "",
    on_page: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    limits: Limits = LIMITS,
) -> Document:
    """The text of a PDF; the same bytes are read once, then taken from home/documents. Blocks until it is there.

    Args:
        pdf: The file.
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
    refuse_size(pdf, name, limits)
    sha256, identity = names_of(pdf, password)
    if kept := kept_document((sha256, identity), name, home):
        return kept
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "document.pdf")
        path.write_bytes(pdf)
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
    kept under a name made from bytes and password, so that the bytes alone don't open it for anyone else.

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
    keep_document(document, home)
    forget_locked(file.sha256, home)
    return document


def names_of(pdf: bytes, password: str) -> tuple[str, str]:
    """The hash of the bytes, and what their text is kept under; the same without a password.

    With one, the second is 64 hexadecimal digits too, slow to compute, so that guessing passwords is slow.
    Source: RFC 7914 (scrypt), with its parameters for interactive use.
    """
    sha256 = hashlib.sha256(pdf)
    if not password:
        return sha256.hexdigest(), sha256.hexdigest()
    secret = password.encode("utf-8", "surrogatepass")
    locked = hashlib.scrypt(secret, salt=sha256.digest(), n=2**14, r=8, p=1, dklen=32)
    return sha256.hexdigest(), locked.hex()


def kept_document(names: tuple[str, str], name: str, home: Path) -> Document | None:
    """The document kept under either of its names: a PDF that opens freely was perhaps given a needless password."""
    sha256, identity = names
    return open_document(sha256, name, home) or open_document(identity, name, home)
