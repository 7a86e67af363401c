"""The verdict of a review: per pair of variants a word with its interval, and whose votes can't be relied on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.review.records import Review, Vote
from workbench.review.tally import Count, Duel, Rater, documents_of, duels, raters
from workbench.statistics.binomial import sign_test
from workbench.statistics.correction import holm
from workbench.statistics.intervals import Interval, wilson
from workbench.statistics.planning import decided_pairs
from workbench.statistics.position_bias import lean_left
from workbench.statistics.sequential import live_word
from workbench.statistics.verdict import ALPHA, Word

_FEWEST_CATCHES = 3
_EARLY_ALPHA = ALPHA / 5
"""Of a word while documents are open, at all looks together; with that of the last look less than 6 % of false ones."""


@dataclass(frozen=True)
class DuelVerdict:
    """On a candidate against a baseline."""

    duel: Duel
    count: Count
    word: Word
    share: float | None
    """Of decided documents that the candidate won; None without any."""
    interval: Interval
    """Of that share, 95 %. Source: Wilson 1927."""
    p: float
    """Exact sign test, corrected over all pairs of variants. Sources: Conover 1999; Holm 1979."""
    needed: int | None
    """About how many more documents would decide it; None when decided, and when no difference was seen."""
    open: int = 0
    """Documents that nobody whose votes count has judged yet."""


@dataclass(frozen=True)
class Doubt:
    """Why a reviewer's votes don't count."""

    reviewer: str
    why: str
    """As the rest of a sentence."""


@dataclass(frozen=True)
class Outcome:
    """Of a review."""

    verdicts: tuple[DuelVerdict, ...]
    raters: tuple[Rater, ...]
    doubts: tuple[Doubt, ...]


def outcome_of(review: Review, votes: Sequence[Vote]) -> Outcome:
    """What the votes say; those of reviewers with a habit, or who miss the catch trials, are left out and told."""
    habits = raters(review, votes)
    doubts = [doubt for rater in habits if (doubt := _doubt(rater))]
    counts = duels(review, votes, without=[doubt.reviewer for doubt in doubts])
    corrected = holm([sign_test(count.wins, count.losses) for count in counts.values()])
    verdicts = []
    for (duel, count), p in zip(counts.items(), corrected, strict=True):
        remaining = documents_of(review, duel) - count.documents
        word = word_of(count, p, remaining=remaining, duels=len(counts))
        decided = count.wins + count.losses
        share = count.wins / decided if decided else None
        needed = _needed(count) if word == "not enough evidence" else None
        verdicts.append(DuelVerdict(duel, count, word, share, wilson(count.wins, decided), p, needed, remaining))
    return Outcome(tuple(verdicts), tuple(habits), tuple(doubts))


def word_of(count: Count, p: float, *, remaining: int, duels: int) -> Word:
    """The word that the votes allow at this moment.

    When every document is judged, the exact sign test gives it. Before that the page may be looked at after each vote,
    which would make winners of chance with a test for one look; so it takes a verdict that is valid at every look.

    Args:
        count: Documents so far.
        p: Of the sign test, corrected.
        remaining: Documents that are open.
        duels: Pairs of variants in the review.

    Source: workbench.statistics.sequential; Bonferroni over the duels.
    """
    if remaining:
        return live_word(count.wins, count.losses, _EARLY_ALPHA / duels)
    if p > ALPHA:
        return "not enough evidence"
    return "better" if count.wins > count.losses else "worse"


def _needed(count: Count) -> int | None:
    decided = count.wins + count.losses
    if count.wins == count.losses:
        return None
    # Half a win for each side: three of three is no proof that it always wins.
    share = (max(count.wins, count.losses) + 0.5) / (decided + 1)
    return max(1, math.ceil(decided_pairs(share) * count.documents / decided) - count.documents)


def _doubt(rater: Rater) -> Doubt | None:
    if lean_left(rater.name, rater.left, rater.right).warning:
        side, most = ("left", rater.left) if rater.left > rater.right else ("right", rater.right)
        return Doubt(rater.name, f"chose the answer at the {side} {most:,} of {rater.left + rater.right:,} times")
    if rater.catches >= _FEWEST_CATCHES and 2 * rater.caught < rater.catches:
        return Doubt(rater.name, f"missed {rater.catches - rater.caught:,} of {rater.catches:,} catch trials")
    return None
