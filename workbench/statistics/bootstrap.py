"""The bootstrap of a mean: documents are drawn again, with all they have."""

from statistics import NormalDist

import numpy as np

from workbench.statistics.intervals import Interval, normal_quantile
from workbench.statistics.scores import Floats

RESAMPLES = 10_000
BLOCK_DRAWS = 1_000_000
"""So many draws are held at a time: 8 MB."""


def resampled_means(values: Floats, resamples: int = RESAMPLES, seed: int = 0) -> Floats:
    """The means of as many samples drawn from the values with replacement.

    Args:
        values: One for each document, at least one.
        resamples: At least 1.
        seed: The same seed gives the same samples, so that a verdict does not change when it is looked at again.
    """
    source, n = np.random.default_rng(seed), len(values)
    rows = max(1, BLOCK_DRAWS // n)
    sizes = [min(rows, resamples - start) for start in range(0, resamples, rows)]
    return np.concatenate([values[source.integers(0, n, (size, n))].mean(axis=1) for size in sizes])


def percentile_interval(means: Floats, confidence: float = 0.95) -> Interval:
    """The middle share of the resampled figures.

    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, 13.3.
    """
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def corrected_interval(values: Floats, means: Floats, confidence: float = 0.95) -> Interval:
    """The percentile interval, corrected for bias and skewness (BCa).

    Args:
        values: One for each document.
        means: What resampled_means() gave for them.
        confidence: In (0, 1).

    Source: Efron 1987, JASA 82:171.
    """
    mean, normal = values.mean(), NormalDist()
    share_below = float(((means < mean).mean() + (means <= mean).mean()) / 2)
    if not 0 < share_below < 1:
        return percentile_interval(means, confidence)
    bias = normal.inv_cdf(share_below)
    pulls = values - mean  # the jackknife's differences, but for a factor that cancels out
    spread = float((pulls**2).sum()) ** 1.5
    skew = float((pulls**3).sum()) / (6 * spread) if spread else 0.0
    points = []
    for share in ((1 - confidence) / 2, (1 + confidence) / 2):
        shifted = bias + normal_quantile(share)
        points.append(normal.cdf(bias + shifted / (1 - skew * shifted)))
    low, high = np.quantile(means, points)
    return float(low), float(high)
