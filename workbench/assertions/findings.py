"""What was found out about one question, before "not-" and weights are looked at."""

from dataclasses import dataclass
from typing import Any

from workbench.assertions.nouns import Facts


@dataclass(frozen=True)
class Question:
    """One assertion, its variables filled in, with what it is asked of."""

    kind: str
    value: Any
    threshold: float | None
    output: str
    facts: Facts


@dataclass(frozen=True)
class Finding:
    """The answer to a question."""

    holds: bool | None
    """None: it can't be told."""
    said: str
    """A sentence without its full stop, true whether the question was asked with "not-" or without."""
    score: float | None = None
    """From 0 to 1; None: 1 when it holds, else 0."""


def unknown(why: str) -> Finding:
    """A question that can't be answered, with a sentence's end that says why."""
    return Finding(None, why)
