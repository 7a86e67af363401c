"""A verdict: the word that a difference allows, with all the figures it stands on."""

from dataclasses import dataclass
from typing import Literal

from workbench.statistics.effects import Effect
from workbench.statistics.intervals import Interval
from workbench.statistics.planning import more_documents

Word = Literal["better", "worse", "not enough evidence"]
ALPHA = 0.05
"""How often a winner may be called where there is none."""


@dataclass(frozen=True)
class Verdict:
    """On one variant against the baseline."""

    subject: str
    """The candidate's label, or what else is judged."""
    slice: str
    """The tag of the documents; empty for all."""
    word: Word
    difference: float | None
    """Candidate - baseline, whichever way is better; None without documents."""
    interval: Interval | None
    """Of the difference, at 1 - alpha, for this question alone; None for fewer than two documents with numbers."""
    n: int
    """Documents, however many repetitions each has."""
    wins: int
    losses: int
    ties: int
    p: float
    """Corrected for the other questions that were asked together with this one."""
    needed: int | None
    """About how many more documents would decide it; None when decided, and when no difference was seen."""
    method: str
    unpaired: int = 0
    """Documents that only one of the two variants has; left out."""


def word_of(effect: Effect, p: float, alpha: float = ALPHA, *, lower_is_better: bool = False) -> Word:
    """The word for a difference: one is called only where the test and the interval both leave no other.

    Args:
        effect: The difference and its interval.
        p: Corrected.
        alpha: The level; p may equal it.
        lower_is_better: As for seconds and costs.
    """
    if effect.difference is None or effect.interval is None or p > alpha:
        return "not enough evidence"
    low, high = effect.interval
    if low <= 0 <= high:
        return "not enough evidence"
    return "better" if (low > 0) != lower_is_better else "worse"


def verdict_of(
    effect: Effect,
    p: float,
    subject: str,
    part: str = "",
    *,
    alpha: float = ALPHA,
    questions: int = 1,
    unpaired: int = 0,
    lower_is_better: bool = False,
) -> Verdict:
    """The verdict that an effect allows.

    Args:
        effect: The difference.
        p: Its p-value, corrected.
        subject: What is judged.
        part: The slice's tag; empty for all documents.
        alpha: The level.
        questions: How many were asked together; more documents are needed for more of them.
        unpaired: Documents left out.
        lower_is_better: Whether a lower score is a win.
    """
    word = word_of(effect, p, alpha, lower_is_better=lower_is_better)
    wins, losses = (effect.lower, effect.higher) if lower_is_better else (effect.higher, effect.lower)
    needed = more_documents(effect, alpha / questions) if word == "not enough evidence" else None
    figures = (effect.difference, effect.interval, effect.n, wins, losses, effect.ties, p)
    return Verdict(subject, part, word, *figures, needed, effect.method, unpaired)
