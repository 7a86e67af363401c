"""What a review is made of: plain values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Choice = Literal["left", "right", "tie"]
Catch = Literal["", "same", "other"]

REASONS: Mapping[str, str] = {
    "f": "wrong facts",
    "m": "something missing",
    "l": "too long",
    "s": "hard to read",
    "o": "off the question",
}
"""Key -> why the worse one is worse."""


@dataclass(frozen=True)
class Pair:
    """Two answers to one document."""

    document_name: str
    runs: tuple[str, str]
    """Ids of the runs in the history: of the baseline, then of the candidate."""
    labels: tuple[str, str]
    """Of their variants."""
    catch: Catch = ""
    """"same": both answers are one, so that a careful reviewer sees no difference; "other": the candidate's place is
    taken by an answer to another document, so that a careful reviewer prefers the baseline's."""


@dataclass(frozen=True)
class Review:
    """Pairs to be judged."""

    id: str
    title: str
    dataflow: str
    created_at: float
    """Seconds since the epoch."""
    created_by: str
    pairs: tuple[Pair, ...]
    alike: tuple[tuple[str, str], ...] = ()
    """The labels of each pair whose answers are equal: a tie that nobody has to be asked for."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Of all variants, the baseline first."""
        named = [label for pair in self.pairs for label in pair.labels]
        return tuple(dict.fromkeys([*named, *(label for pair in self.alike for label in pair)]))


@dataclass(frozen=True)
class Place:
    """Where a pair stands for one reviewer."""

    pair: int
    """Its number in the review, from 0."""
    is_flipped: bool
    """The candidate stands at the left."""


@dataclass(frozen=True)
class Vote:
    """What a reviewer said of a pair, and has not taken back."""

    reviewer: str
    pair: int
    choice: Choice
    is_flipped: bool
    reasons: tuple[str, ...]
    """Keys of REASONS."""
    at: float
    """Seconds since the epoch."""

    @property
    def for_candidate(self) -> int:
        """1: the candidate is better; -1: the baseline is; 0: neither."""
        if self.choice == "tie":
            return 0
        return 1 if (self.choice == "left") == self.is_flipped else -1
