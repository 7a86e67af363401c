"""An A/B test of two arms with different visitors, valid at every look."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.errors import InputError
from workbench.statistics.betting import mean_sequence
from workbench.statistics.intervals import Interval
from workbench.statistics.verdict import ALPHA, Word


@dataclass(frozen=True)
class ArmsVerdict:
    """What two arms' scores so far say."""

    word: Word
    difference: float | None
    """Mean of the candidate - mean of the baseline, over all scores; None while an arm has none."""
    interval: Interval
    """Of the true difference, valid at every look; in [-1, 1]."""
    e_value: float
    """The largest gain so far of a fair bet against "no difference"."""
    pairs: int
    """Scores of each arm that the interval stands on."""
    unpaired: int
    """Scores of the larger arm that have no counterpart yet; the interval leaves them out."""


def compare_arms(baseline: Sequence[float], candidate: Sequence[float], alpha: float = ALPHA) -> ArmsVerdict:
    """The word that two arms allow; it may be asked for after every score.

    The arms' first scores are paired, then their second ones, and so on: which scores meet is settled by the order of
    arrival, so the differences of the pairs are independent and their mean is the difference of the arms.

    Args:
        baseline: Its scores in the order they came, each in [0, 1]; 0 and 1 for no and yes.
        candidate: The same; visitors must have been sent to the arms by chance.
        alpha: How often a winner may ever be called where there is none.

    Raises:
        InputError: A score lies outside [0, 1].

    Source: mean_sequence() (Waudby-Smith and Ramdas 2024) of the pairs' differences, moved to [0, 1].
    """
    before, after = np.asarray(baseline, float), np.asarray(candidate, float)
    for scores in (before, after):
        if not ((scores >= 0) & (scores <= 1)).all():
            raise InputError("a score of an arm lies outside 0 to 1", "Scale the scores to 0 to 1.")
    pairs = min(len(before), len(after))
    (low, high), e_value = mean_sequence((after[:pairs] - before[:pairs] + 1) / 2, alpha)
    interval = (2 * low - 1, 2 * high - 1)
    word: Word = "not enough evidence"
    if e_value >= 1 / alpha:
        word = "better" if sum(interval) > 0 else "worse"
    difference = float(after.mean() - before.mean()) if pairs else None
    return ArmsVerdict(word, difference, interval, e_value, pairs, len(before) + len(after) - 2 * pairs)
