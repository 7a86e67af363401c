"""A confidence sequence for the mean of bounded numbers, by betting against every other mean."""

import math

import numpy as np

from workbench.errors import InputError
from workbench.statistics.intervals import Interval
from workbench.statistics.scores import Floats

MEANS = 401
"""So many means between 0 and 1 are bet against."""
MAX_STAKE = 0.5
"""Of what could be lost at most; less than all, so that no single number ends the bet."""
BLOCK = 2_000


def mean_sequence(numbers: Floats, alpha: float = 0.05) -> tuple[Interval, float]:
    """The means that were never refuted while the numbers came in, and the largest gain against a mean of a half.

    All looks together miss the true mean with a chance of at most alpha. What was refuted once stays so.

    Args:
        numbers: In the order they came, each in [0, 1]; independent, with one mean.
        alpha: In (0, 1).

    Returns:
        The interval, rounded outwards to the grid of MEANS, then the e-value: 1 / alpha refutes a half.

    Raises:
        InputError: A number lies outside [0, 1].

    Source: the hedged capital of Waudby-Smith and Ramdas 2024, JRSS B 86:1, 4.
    """
    if not ((numbers >= 0) & (numbers <= 1)).all():
        raise InputError("a score for an always-valid interval lies outside 0 to 1", "Scale the scores to 0 to 1.")
    means = np.linspace(0, 1, MEANS)
    bets = stakes(numbers, alpha)
    up, down, highest = np.zeros(MEANS), np.zeros(MEANS), np.zeros(MEANS)
    with np.errstate(divide="ignore"):
        most_up, most_down = MAX_STAKE / means, MAX_STAKE / (1 - means)
    for start in range(0, len(numbers), BLOCK):
        gaps = numbers[start : start + BLOCK, None] - means
        stake = bets[start : start + BLOCK, None]
        ups = up + np.cumsum(np.log1p(np.minimum(stake, most_up) * gaps), axis=0)
        downs = down + np.cumsum(np.log1p(-np.minimum(stake, most_down) * gaps), axis=0)
        up, down = ups[-1], downs[-1]
        highest = np.maximum(highest, (np.maximum(ups, downs) - math.log(2)).max(axis=0))
    kept = np.flatnonzero(highest < math.log(1 / alpha))
    e_value = math.exp(min(float(highest[MEANS // 2]), 700.0))
    if not len(kept):
        return (0.0, 1.0), e_value
    return (float(means[max(0, kept[0] - 1)]), float(means[min(MEANS - 1, kept[-1] + 1)])), e_value


def stakes(numbers: Floats, alpha: float) -> Floats:
    """For each number how much to bet, told by those before it only: a bet that knows its number is not fair.

    Args:
        numbers: In the order they came.
        alpha: In (0, 1); a smaller one bets more.

    Source: the predictable plug-in of Waudby-Smith and Ramdas 2024, 4.1.
    """
    count = np.arange(1, len(numbers) + 1)
    running = (0.5 + np.cumsum(numbers)) / (count + 1)
    variances = (0.25 + np.cumsum((numbers - running) ** 2)) / (count + 1)
    before = np.concatenate([[0.25], variances[:-1]])
    return np.asarray(np.sqrt(2 * math.log(2 / alpha) / (before * count * np.log1p(count))))
