"""Reads a PDF with one library, in a short-lived child process that may crash, hang or be killed without harm."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dataflows.mending import clean_page
from workbench.documents.child_events import events_of
from workbench.documents.garbling import GARBLED, garbling

_CHILD = Path(__file__).with_name("pdf_child.py")


@dataclass(frozen=True)
class Limits:
    """What reading one PDF may cost."""

    bytes: int = 50_000_000
    pages: int = 5_000
    characters: int = 10_000_000
    pypdf_seconds: float = 15.0
    pdfium_seconds: float = 8.0
    """Wall time of a reader until its first text, start included, and then between two pages: together under 25."""
    seconds_per_page: float = 0.5
    """What the pages read may have taken on average, beyond that; honest ones take a tenth of it."""
    memory_bytes: int = 1 << 30
    """Address space of a reader; Linux holds it, elsewhere the time must do."""


@dataclass(frozen=True)
class Progress:
    """How far a reader is."""

    reader: str
    """"pypdf" or "pdfium", which reads when pypdf's text is doubtful."""
    page: int
    """How many pages it has read."""
    pages: int
    """How many it will read."""


@dataclass
class Reading:
    """What one reader made of a PDF."""

    reader: str
    """"pypdf" or "pdfium"."""
    pages: int = 0
    """Pages of the PDF; 0 when it could not be opened, or has none."""
    page_texts: list[str] = field(default_factory=list)
    """Cleaned, in order; of the pages read."""
    page_errors: int = 0
    """How many of them could not be read; their texts are empty."""
    failure: str = "crashed"
    """Empty when it came to its end; "encrypted", "unsupported", "damaged", "memory", "time" or "crashed"."""
    reason: str = ""
    """What the reader said of a damaged file, or of its first page that could not be read."""
    warned: bool = False
    """The reader met an encoding it does not know."""
    cut: bool = False
    """There were more characters than the limit."""
    pages_with_text: int = 0
    """Pages that hold more than blanks."""
    garbling: float = 1.0

    @property
    def has_text(self) -> bool:
        """Whether anything but blanks was found."""
        return self.pages_with_text > 0

    @property
    def is_doubtful(self) -> bool:
        """Whether another reader should be asked."""
        lacking = self.failure or self.page_errors or not self.has_text
        return bool(lacking) or self.warned or self.garbling > GARBLED


def read_pdf(
    reader: str,
    path: Path,
    limits: Limits,
    *,
    password: str = "",
    on_page: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Reading:
    """What one reader makes of a PDF; raises nothing for what is in the file.

    Args:
        reader: "pypdf" or "pdfium".
        path: The PDF.
        limits: When to end it; what was read by then stays.
        password: Tried when the empty one does not open the file.
        on_page: Told when the file is open and after each page, in this thread.
        stop: Asked ten times a second.

    Raises:
        ChildStoppedError: stop said so.
    """
    patience = {"pypdf": limits.pypdf_seconds, "pdfium": limits.pdfium_seconds}[reader]
    # The clock ends a reader first; its own CPU limit is for one whose parent is gone.
    numbers = [limits.pages, limits.characters, int(patience) + 2, limits.memory_bytes]
    command = [sys.executable, "-I", str(_CHILD), reader, str(path), *map(str, numbers)]
    reading = Reading(reader)
    began = moved = time.monotonic()

    def deadline() -> float:
        if not reading.has_text:
            return began + patience
        return min(moved, began + limits.seconds_per_page * len(reading.page_texts)) + patience

    try:
        # Closed here and not when its garbage is collected: an on_page that raises must not leave a child.
        with closing(events_of(command, password, deadline, stop)) as events:
            for event in events:
                _take(event, reading)
                moved = time.monotonic()
                if on_page and ("page" in event or "pages" in event):
                    on_page(Progress(reader, len(reading.page_texts), min(reading.pages, limits.pages)))
    except TimeoutError:
        reading.failure = "time"
    reading.garbling = garbling("\n".join(reading.page_texts))
    return reading


def _take(event: Mapping[str, Any], reading: Reading) -> None:
    if "pages" in event:
        reading.pages = event["pages"]
    elif "page" in event:
        text = clean_page(event["text"])
        reading.page_texts.append(text)
        reading.pages_with_text += bool(text.strip())
        if "error" in event:
            reading.page_errors += 1
            reading.reason = reading.reason or event["error"]
    elif "fail" in event:
        reading.failure, reading.reason = event["fail"], event["why"]
    elif "end" in event:
        reading.failure, reading.warned, reading.cut = "", event["warned"], event["cut"]
