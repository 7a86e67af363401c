"""Whether a rater goes by the place or the length of an output rather than by what it says."""

from dataclasses import dataclass

from workbench.statistics.binomial import sign_test
from workbench.statistics.intervals import Interval, wilson

LEVEL = 0.01
"""A warning comes by chance for one honest rater in a hundred."""


@dataclass(frozen=True)
class Lean:
    """How often a rater took one of two kinds of output, of the votes that were no ties."""

    rater: str
    kind: str
    """"left" or "longer"."""
    taken: int
    n: int
    """Votes for either kind."""
    interval: Interval
    """Of the share taken, at 95 %."""
    p: float

    @property
    def share(self) -> float | None:
        """From 0 to 1; None without a vote."""
        return self.taken / self.n if self.n else None

    @property
    def warning(self) -> str:
        """A sentence when the share is too far from a half for chance; empty otherwise."""
        if self.p > LEVEL:
            return ""
        what = {"left": "the left output", "longer": "the longer output"}[self.kind]
        low, high = (round(100 * bound) for bound in self.interval)
        return (
            f"{self.rater} chose {what} in {self.taken} of {self.n} votes ({low} to {high} %); "
            "without a lean it is about half. Look at these votes before you trust them."
        )


def lean_left(rater: str, left: int, right: int) -> Lean:
    """How far a rater leans to the left side; outputs must have been put left and right by chance.

    Args:
        rater: Who voted.
        left: Votes for the left output.
        right: Votes for the right output.

    Raises:
        InputError: A count is below 0.

    Source: exact binomial test (Conover 1999, 3.1); Wilson 1927 for the interval.
    """
    return _lean(rater, "left", left, right)


def lean_to_longer(rater: str, longer: int, shorter: int) -> Lean:
    """How far a rater leans to the longer output; this may be a fault of the rater or a merit of the longer outputs.

    Args:
        rater: Who voted.
        longer: Votes for the output with more characters.
        shorter: Votes for the other; pairs of one length are left out.

    Raises:
        InputError: A count is below 0.

    Source: as lean_left().
    """
    return _lean(rater, "longer", longer, shorter)


def _lean(rater: str, kind: str, taken: int, others: int) -> Lean:
    return Lean(rater, kind, taken, taken + others, wilson(taken, taken + others), sign_test(taken, others))
