"""Which of two readers' texts to take, and what a person should know of it."""

from workbench.documents.garbling import GARBLED
from workbench.documents.pdf_reader import Limits, Reading

_BETTER = 0.7
"""The second reader wins when its text looks at most this much as garbled as the first's."""
_RUBBISH = 0.3
"""More than honest texts of mixed scripts have."""


def best_of(readings: list[Reading]) -> Reading:
    """The reading with more text; the first, unless it is garbled and the second less so."""
    first, *others = readings
    for other in others:
        garbled = first.garbling + first.warned
        if other.pages_with_text > first.pages_with_text:
            return other
        if other.has_text and garbled > GARBLED and other.garbling < _BETTER * garbled:
            return other
    return first


def note_on(reading: Reading, limits: Limits) -> str:
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
        notes.append(f"read {read:,} of {reading.pages:,} pages: {reason}")
    if reading.page_errors:
        notes.append(f"{reading.page_errors:,} of {read:,} pages could not be read")
    elif blank := read - reading.pages_with_text:
        notes.append(f"{blank:,} of {read:,} pages have no text and may be scans")
    if reading.garbling > _RUBBISH:
        notes.append("its text looks garbled")
    return "; ".join(notes)
