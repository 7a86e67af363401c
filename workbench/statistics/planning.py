"""How many documents it takes to see a difference."""

import math

from workbench.errors import InputError
from workbench.statistics.binomial import sign_test_power
from workbench.statistics.effects import Effect
from workbench.statistics.intervals import normal_quantile

MAX_EXACT_PAIRS = 2_000
"""Above, the normal approximation is off by less than one in a hundred."""


def decided_pairs(win_share: float, alpha: float = 0.05, power: float = 0.8) -> int:
    """Documents with a winner that the sign test needs; those that tie come on top.

    Args:
        win_share: Of the better variant, above 0.5 and up to 1; below 0.5 counts as the other's.
        alpha: In (0, 1).
        power: In (0, 1).

    Raises:
        InputError: Both win as often, or the share lies outside [0, 1].

    Source: the test's exact power; above MAX_EXACT_PAIRS Noether 1987, JASA 82:645.
    """
    share = max(win_share, 1 - win_share)
    if not 0.5 < share <= 1:
        message = f"the better variant wins {share:.3g} of the pairs; it must be above 0.5 and at most 1"
        raise InputError(message, "Name the smallest share that would matter.")
    by_truth = normal_quantile(power) * math.sqrt(share * (1 - share))
    n = math.ceil(((normal_quantile(1 - alpha / 2) / 2 + by_truth) / (share - 0.5)) ** 2)
    n = max(n, least_documents(alpha))
    while n < MAX_EXACT_PAIRS and sign_test_power(n, share, alpha) < power:
        n += 1
    return n


def least_documents(alpha: float) -> int:
    """So many documents that all agree are the fewest that a two-sided test can decide by."""
    return math.ceil(1 - math.log2(alpha))


def more_documents(effect: Effect, alpha: float = 0.05, power: float = 0.8) -> int | None:
    """About how many documents have to be added if the difference stays as it was seen.

    Seen differences of few documents are mostly too large, so this is rather too few than too many.

    Returns:
        At least 1; None where no difference was seen, as no number of documents would show it.
    """
    difference = effect.difference
    if not difference:
        return None
    decided = effect.higher + effect.lower
    if effect.exact:
        # half a win for each side: 3 of 3 is no proof that it always wins
        share = (max(effect.higher, effect.lower) + 0.5) / (decided + 1)
        needed = decided_pairs(share, alpha, power) * effect.n / decided
    else:
        size = (normal_quantile(1 - alpha / 2) + normal_quantile(power)) * effect.spread / difference
        needed = max(size * size, least_documents(alpha) * effect.n / decided)
    return max(1, math.ceil(needed) - effect.n)
