"""The nouns of assertions: what is asked of an output, what is known of its run, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Assertion:
    """One thing asked of an output, in promptfoo's vocabulary."""

    type: str
    """Without "not-"."""
    value: Any = None
    threshold: float | None = None
    """Milliseconds for latency, US dollars for cost, edits for levenshtein, a distance for
    similar:euclidean, a score from 0 to 1 for the others."""
    weight: float = 1.0
    """0: it is measured, and passes whatever it gives."""
    metric: str = ""
    negated: bool = False
    members: tuple["Assertion", ...] = ()
    """Of an assert-set; empty for every other type."""

    @property
    def name(self) -> str:
        """The type as it is written in a file."""
        return f"not-{self.type}" if self.negated else self.type


@dataclass(frozen=True)
class Facts:
    """What is known of the run that gave the output; None where nothing is."""

    seconds: float | None = None
    cost_usd: float | None = None
    finish_reason: str | None = None


@dataclass(frozen=True)
class Result:
    """What came of one assertion."""

    assertion: Assertion
    passed: bool
    score: float
    """From 0 to 1."""
    reason: str
    """One sentence with the value and the limit, at most 200 characters."""
    checked: bool = True
    """False: it could not be looked at, which fails an assertion and its negation alike."""
    members: tuple["Result", ...] = ()
    """Of an assert-set, in its order."""


@dataclass(frozen=True)
class Verdict:
    """What came of all assertions on one output."""

    passed: bool
    score: float
    """The weighted mean of the results' scores; 1 without assertions, 0 when all weights are 0."""
    results: tuple[Result, ...]


@dataclass(frozen=True)
class TestCase:
    """One test of a file: variables, and what is asked of the output they lead to."""

    __test__: ClassVar[bool] = False  # pytest would collect the name

    description: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Texts, numbers and truth values."""
    assertions: tuple[Assertion, ...] = ()
    threshold: float | None = None
    """None: every assertion with a weight has to pass. Else the score has to reach it."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
