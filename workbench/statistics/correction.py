"""Correction for asking several questions at once."""

import math
from collections.abc import Sequence

from workbench.errors import InputError


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values, each raised so that all together call a winner by chance no more often than one would.

    Args:
        p_values: One for each question of the family, in any order and however they depend on each other.

    Returns:
        In the same order, at most 1, none below what it was.

    Raises:
        InputError: A p-value lies outside [0, 1].

    Source: Holm 1979, Scandinavian Journal of Statistics 6:65.
    """
    for value in p_values:
        if math.isnan(value) or not 0 <= value <= 1:
            raise InputError(f"a p-value is {value}; it lies between 0 and 1")
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted
