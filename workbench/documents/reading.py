"""The text of a PDF, read once and kept by the hash of its bytes."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from workbench.documents.child_events import ChildStoppedError
from workbench.documents.garbling import GARBLED
from workbench.documents.pdf_reader import Limits, Reading, read_pdf
from workbench.documents.pdf_refusals import refusal
from workbench.documents.store import forget_locked, keep_document, keep_locked, locked_pdf, open_document
from workbench.errors import DocumentError, StopError
from workbench.records import Document

__all__ = ["LIMITS", "locked_pdf", "open_document", "read_document"]

LIMITS = Limits()

_BETTER = 0.7
"""The second reader wins when its text looks at most this much as garbled as the first's."""
_RUBBISH = 0.3
"""More than honest texts of mixed scripts have."""


def read_document(
    pdf: bytes,
    name: str,
    home: Path,
    *,
    password: str = "",
    on_page: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
    limits: Limits = LIMITS,
) -> Document:
    """The text of a PDF; the same bytes are read once, then taken from home/documents.

    pypdf reads first; where its text is doubtful, pdfium reads too and the better text is kept. Of a PDF that reaches a
    limit the pages read so far are kept, with a note. A locked PDF is kept until its password comes; its text is then
    kept under a name made from bytes and password, so that the bytes alone don't open it for anyone else.

    Args:
        pdf: The file.
        name: What messages call it.
        home: The state folder.
        password: For a locked PDF.
        on_page: Told the pages read and the pages to read; begins anew when the second reader does.
        stop: Asked ten times a second.
        limits: What reading may cost.

    Raises:
        DocumentError: There is no text, with the kind of reason.
        StopError: stop said so; nothing is kept.
    """
    shown = _shown(name)
    if len(pdf) > limits.bytes:
        message = f"{shown} has {len(pdf) / 1e6:.1f} MB; the limit is {limits.bytes / 1e6:g} MB."
        raise DocumentError("too large", message, "Split it, or remove its pictures, then add that.")
    sha256 = hashlib.sha256(pdf).hexdigest()
    identity = _with_password(sha256, password) if password else sha256
    if kept := open_document(sha256, name, home) or open_document(identity, name, home):
        return kept
    if not pdf:
        raise DocumentError("damaged", f"{shown} has 0 bytes; a PDF has more.", "Add another file.")

    readings: list[Reading] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "document.pdf")
        path.write_bytes(pdf)
        try:
            for reader in ("pypdf", "pdfium"):
                readings.append(read_pdf(reader, path, limits, password=password, on_page=on_page, stop=stop))
                if not readings[-1].is_doubtful:
                    break
        except ChildStoppedError:
            raise StopError(f"Reading {shown} was stopped.", "Add it again to read it.") from None

    best = _best(readings)
    if not best.pages_with_text:
        error = refusal(shown, readings, limits, password=bool(password))
        if error.kind == "encrypted":
            keep_locked(sha256, pdf, home)
        raise error
    document = Document(identity, name, len(pdf), best.pages, tuple(best.page_texts), best.reader, _note(best, limits))
    keep_document(document, home)
    forget_locked(sha256, home)
    return document


def _with_password(sha256: str, password: str) -> str:
    """The name of a locked PDF's text: 64 hexadecimal digits, slow to compute, so that guessing passwords is slow too.

    Source: RFC 7914 (scrypt), with its parameters for interactive use.
    """
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=bytes.fromhex(sha256), n=2**14, r=8, p=1, dklen=32).hex()


def _best(readings: list[Reading]) -> Reading:
    """The reading with more text; the first, unless it is garbled and the second less so."""
    first, *others = readings
    for other in others:
        garbled = first.garbling + first.warned
        if other.pages_with_text > first.pages_with_text:
            return other
        if other.pages_with_text and garbled > GARBLED and other.garbling < _BETTER * garbled:
            return other
    return first


def _note(reading: Reading, limits: Limits) -> str:
    """What a person should know of the reading; mostly nothing."""
    notes = []
    read = len(reading.page_texts)
    if reading.failure or reading.cut or read < reading.pages:
        if reading.cut:
            reason = f"the limit is {limits.characters:,} characters"
        elif reading.failure == "time":
            reason = "the time limit was reached"
        elif reading.failure:
            reason = "its reader ran out of memory or crashed"
        else:
            reason = f"the limit is {limits.pages:,} pages"
        notes.append(f"read {read} of {reading.pages} pages: {reason}")
    if reading.page_errors:
        notes.append(f"{reading.page_errors} of {read} pages could not be read")
    elif blank := read - reading.pages_with_text:
        notes.append(f"{blank} of {read} pages have no text and may be scans")
    if reading.garbling > _RUBBISH:
        notes.append("its text looks garbled")
    return "; ".join(notes)


def _shown(name: str) -> str:
    """A file name fit for a sentence: one line, printable, at most 80 characters."""
    plain = "".join(character if character.isprintable() else "?" for character in name) or "the file"
    return plain if len(plain) <= 80 else f"{plain[:79]}…"
