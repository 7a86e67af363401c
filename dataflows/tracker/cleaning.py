"""Texts for records: without keys of this process and what a service wants to hide, and within bounds."""

import os
import re
from collections.abc import Iterable, Sequence

from dataflows.redaction import MARK, redact
from dataflows.tracker.record_parts import MOST_CHARACTERS, Failure
from dataflows.tracker.running_call import Problem

MOST_NAME, MOST_REMARK = 200, 500
"""Characters, see Name and Remark in record_parts.py."""


def known_keys() -> list[str]:
    """Values of the environment's *_API_KEY, whatever they look like."""
    return [value for name, value in os.environ.items() if name.upper().endswith("API_KEY")]


class Cleaner:
    """Takes keys, and what patterns find, out of texts.

    Args:
        hide: Patterns of what is hidden beside keys.
        keys: What is a key, beside those of the environment.
    """

    def __init__(self, hide: Sequence[re.Pattern[str]] = (), keys: Iterable[str] = ()) -> None:
        self._hide = hide
        self._known = [*known_keys(), *keys]

    def __call__(self, text: str, most: int) -> str:
        """The text without them, at most this many characters of it."""
        # Cut in the end, as half a key looks like none.
        text = redact(text, self._known)
        for pattern in self._hide:
            text = pattern.sub(MARK, text)
        return text[:most]


class Texts:
    """The texts of one record.

    Args:
        clean: Takes out what must not be in it.
        room: Characters that all kept texts may have together; 0 keeps none.
    """

    def __init__(self, clean: Cleaner, room: int) -> None:
        self._clean = clean
        self._room = room
        self._names: dict[str, str] = {}

    def name(self, text: str) -> str:
        """Of a node, a model and the like."""
        if text not in self._names:
            # What a service says of its calls and requests may be no text.
            self._names[text] = self._clean(str(text), MOST_NAME)
        return self._names[text]

    def remark(self, text: str) -> str:
        """A sentence or a tag's value."""
        return self._clean(text, MOST_REMARK)

    def failure(self, problem: Problem | None) -> Failure | None:
        """An error as it is told."""
        return Failure(self.name(problem.type), self.remark(problem.message)) if problem else None

    def content(self, text: str) -> str | None:
        """A text that is told only where content is kept, and where there is room for it."""
        if not self._room:
            return None
        text = self._clean(text, MOST_CHARACTERS)
        if len(text) > self._room:
            return None
        self._room -= len(text)
        return text
