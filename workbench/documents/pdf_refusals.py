"""Says in one sentence why a PDF gives no text, and what to do."""

from collections.abc import Sequence

from workbench.documents.file_names import shown
from workbench.documents.pdf_reader import Limits, Reading
from workbench.errors import DocumentError, StopError

_ANOTHER = "Add another file, or save this one anew with a PDF viewer."
_LIGHTER = "Save it anew with a PDF viewer (print to PDF), or split it, then add that."


def refuse_size(pdf: bytes, name: str, limits: Limits) -> None:
    """DocumentError for a PDF of no bytes, or of more than the limit."""
    name = shown(name)
    if len(pdf) > limits.bytes:
        message = f"{name} has {len(pdf) / 1e6:.1f} MB; the limit is {limits.bytes / 1e6:g} MB."
        raise DocumentError("too large", message, "Split it, or remove its pictures, then add that.")
    if not pdf:
        raise DocumentError("damaged", f"{name} has 0 bytes; at least 1 is needed.", "Add another file.")


def stopped(name: str) -> StopError:
    """The error for a reading that a person stopped."""
    return StopError(f"Reading {shown(name)} was stopped.", "Add it again to read it.")


def interrupted(name: str) -> StopError:
    """The error for a reading whose process is gone."""
    return StopError(f"Reading {shown(name)} was interrupted: the app was started anew.", "Add it again to read it.")


def unread(name: str, error: Exception) -> DocumentError:
    """The error for a reading that ended for a reason that is not in the PDF: a full disk, a fault of ours."""
    reason = getattr(error, "strerror", "") or type(error).__name__
    return DocumentError("limit", f"{shown(name)} could not be read: {reason}.", "Add it again; the log says more.")


def refusal(name: str, readings: Sequence[Reading], limits: Limits, *, password: bool) -> DocumentError:
    """The error for readings that hold no text.

    Args:
        name: Of the file.
        readings: What each reader made of it; at least one.
        limits: What they were given.
        password: Whether one was tried.
    """
    name = shown(name)
    failures = {reading.failure for reading in readings}
    pages = max(reading.pages for reading in readings)
    came_to_an_end = "" in failures
    if "encrypted" in failures and not pages:
        if password:
            return DocumentError("encrypted", f"The password does not open {name}.", "Type its password again.")
        return DocumentError("encrypted", f"{name} needs a password.", "Type its password below.")
    if "unsupported" in failures and not pages:
        message = f"{name} has an encryption that can't be opened here; a password is the only one that can."
        return DocumentError("encrypted", message, "Save it without the encryption, then add that.")
    memory = f"more memory than the limit of {limits.memory_bytes / 2**30:g} GB"
    if "memory" in failures or any(reading.reason.startswith("LimitReachedError") for reading in readings):
        return DocumentError("limit", f"{name} needs {memory} to be read.", _LIGHTER)
    if "crashed" in failures:
        return DocumentError("limit", f"{name} crashes its reader, or needs {memory}.", _LIGHTER)
    if any(reading.pages and not reading.failure and not reading.page_errors for reading in readings):
        scans = "its only page is probably a scan" if pages == 1 else f"its {pages:,} pages are probably scans"
        hint = "Run OCR first (for example ocrmypdf), then add its result."
        return DocumentError("no text", f"{name} has no text: {scans}.", hint)
    if "time" in failures:
        seconds = limits.pypdf_seconds + limits.pdfium_seconds
        return DocumentError("limit", f"{name} gave no text within the limit of {seconds:g} s.", _LIGHTER)
    if came_to_an_end and not pages:
        return DocumentError("damaged", f"{name} has 0 pages; at least 1 is needed.", _ANOTHER)
    reason = next((reading.reason for reading in readings if reading.reason), "no page can be read")
    return DocumentError("damaged", f"{name} is damaged or not a PDF ({reason}).", _ANOTHER)
