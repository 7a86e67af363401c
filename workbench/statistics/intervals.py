"""Intervals for rates and for differences of rates."""

import math
from statistics import NormalDist

from workbench.errors import InputError
from workbench.statistics.binomial import check_counts

Interval = tuple[float, float]


def normal_quantile(probability: float) -> float:
    """The value that a standard normal variable stays below with this probability, in (0, 1)."""
    return NormalDist().inv_cdf(probability)


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Where the true rate lies; never outside [0, 1], and never of no width.

    Args:
        successes: From 0 to n.
        n: 0 gives (0, 1): nothing is known.
        confidence: In (0, 1).

    Raises:
        InputError: There are more successes than trials, or fewer than 0.

    Source: Wilson 1927, JASA 22:209.
    """
    check_counts(successes, n)
    if successes > n:
        raise InputError(f"{successes} of {n} passed; at most {n} can")
    if n == 0:
        return 0.0, 1.0
    z, rate = normal_quantile(0.5 + confidence / 2), successes / n
    scale = 1 + z * z / n
    middle = (rate + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == n else middle + half
    return low, high


def newcombe_paired(both: int, gained: int, lost: int, neither: int, confidence: float = 0.95) -> Interval:
    """Where the difference of two rates lies, candidate - baseline, for the same documents.

    Args:
        both: Documents that pass with both variants.
        gained: With the candidate only.
        lost: With the baseline only.
        neither: With neither.
        confidence: In (0, 1).

    Raises:
        InputError: A count is below 0.

    Source: Newcombe 1998, Statistics in Medicine 17:2635, method 10.
    """
    check_counts(both, gained, lost, neither)
    n, before, after = both + gained + lost + neither, both + lost, both + gained
    cross: float = both * neither - gained * lost
    if cross > 0:
        cross = max(cross - n / 2, 0)
    margins = before * (n - before) * after * (n - after)
    correlation = cross / math.sqrt(margins) if margins else 0.0
    return _hybrid((before, n), (after, n), correlation, confidence)


def _hybrid(before: tuple[int, int], after: tuple[int, int], correlation: float, confidence: float) -> Interval:
    (low_before, high_before), (low_after, high_after) = wilson(*before, confidence), wilson(*after, confidence)
    rate_before = before[0] / before[1] if before[1] else 0.5
    rate_after = after[0] / after[1] if after[1] else 0.5
    difference = rate_after - rate_before
    down = _joined(rate_after - low_after, high_before - rate_before, correlation)
    up = _joined(high_after - rate_after, rate_before - low_before, correlation)
    return max(-1.0, difference - down), min(1.0, difference + up)


def _joined(first: float, second: float, correlation: float) -> float:
    return math.sqrt(max(0.0, first * first - 2 * correlation * first * second + second * second))
