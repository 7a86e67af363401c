"""Says in one sentence why no reader found a text in a PDF, and what to do."""

from collections.abc import Sequence

from workbench.documents.pdf_reader import Limits, Reading
from workbench.errors import DocumentError

_ANOTHER = "Add another file, or save this one anew with a PDF viewer."
_LIGHTER = "Save it anew with a PDF viewer (print to PDF), or split it, then add that."


def refusal(name: str, readings: Sequence[Reading], limits: Limits, *, password: bool) -> DocumentError:
    """The error for readings that hold no text.

    Args:
        name: Of the file, as the message shall show it.
        readings: What each reader made of it; at least one.
        limits: What they were given.
        password: Whether one was tried.
    """
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
    if "time" in failures:
        seconds = limits.pypdf_seconds + limits.pdfium_seconds
        return DocumentError("limit", f"{name} gave no text within the limit of {seconds:g} s.", _LIGHTER)
    if came_to_an_end and not pages:
        return DocumentError("damaged", f"{name} has 0 pages; at least 1 is needed.", _ANOTHER)
    if came_to_an_end and not all(reading.page_errors for reading in readings):
        scans = "its only page is probably a scan" if pages == 1 else f"its {pages} pages are probably scans"
        hint = "Run OCR first (for example ocrmypdf), then add its result."
        return DocumentError("no text", f"{name} has no text: {scans}.", hint)
    reason = next((reading.reason for reading in readings if reading.reason), "no page can be read")
    return DocumentError("damaged", f"{name} is damaged or not a PDF ({reason}).", _ANOTHER)
