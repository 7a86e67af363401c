"""The binomial distribution, without scipy, which takes seconds to import."""

import math

import numpy as np

from workbench.errors import InputError
from workbench.statistics.scores import Floats


def check_counts(*counts: int) -> None:
    """Refuses what can't be a number of cases.

    Raises:
        InputError: A count is below 0.
    """
    for count in counts:
        if count < 0:
            raise InputError(f"a count is {count}; a count is at least 0")


def log_factorials(n: int) -> Floats:
    """The logarithms of 0! to n!."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])


def probabilities(n: int, p: float) -> Floats:
    """Of 0 to n successes in n trials; p lies in [0, 1]."""
    if p in (0, 1):
        return np.asarray(np.eye(1, n + 1, n if p else 0)[0])
    factorials, successes = log_factorials(n), np.arange(n + 1)
    ways = factorials[-1] - factorials - factorials[::-1]
    return np.asarray(np.exp(ways + successes * math.log(p) + (n - successes) * math.log1p(-p)))


def sign_test(wins: int, losses: int) -> float:
    """The chance that a fair coin lies as far from even as this; ties are left out before.

    Exact and two-sided. For pass and fail of the same documents this is McNemar's test in its exact form.

    Returns:
        From above 0 to 1; 1 without wins and losses.

    Raises:
        InputError: A count is below 0.

    Source: Conover 1999, Practical Nonparametric Statistics, 3.4; McNemar 1947, Psychometrika 12.
    """
    check_counts(wins, losses)
    fewer = min(wins, losses)
    return min(1.0, 2 * float(probabilities(wins + losses, 0.5)[: fewer + 1].sum()))


def sign_test_power(n: int, win_share: float, alpha: float) -> float:
    """The chance that the sign test of n decided pairs finds a winner that wins win_share of them.

    Args:
        n: Wins and losses together.
        win_share: In [0, 1].
        alpha: The test's level, in (0, 1).
    """
    tails = 2 * np.cumsum(probabilities(n, 0.5))
    edge = int(np.searchsorted(tails[: (n + 1) // 2], alpha, side="right"))
    chances = probabilities(n, win_share)
    return float(chances[:edge].sum() + chances[n + 1 - edge :].sum())
