"""A grid of two prompts' versions: what each document scored in every cell."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.errors import InputError
from workbench.statistics.scores import Floats, Scores, document_means, without_noise

Cell = tuple[str, str]
"""A version of the first prompt and one of the second."""


@dataclass(frozen=True)
class Grid:
    """The documents that every cell scored; the first version of each prompt is the baseline."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    means: Mapping[Cell, Floats]
    unpaired: int
    """Documents that some cell lacks; left out."""

    @property
    def base(self) -> Cell:
        """The cell of both baselines."""
        return self.first[0], self.second[0]

    def contrast(self, weights: Mapping[Cell, float]) -> Floats:
        """For each document the weighted sum of its cells; exactly 0 where only rounding is left."""
        terms = [weight * self.means[cell] for cell, weight in weights.items()]
        return without_noise(np.sum(terms, axis=0), np.sum(np.abs(terms), axis=0))


def grid_of(cells: Mapping[Cell, Scores]) -> Grid:
    """The grid that these cells make.

    Args:
        cells: Every pair of a version of the first prompt and one of the second; the baselines come first.

    Raises:
        InputError: A cell is missing, a prompt has one version only, or a score is not a finite number.
    """
    first = tuple(dict.fromkeys(one for one, _ in cells))
    second = tuple(dict.fromkeys(other for _, other in cells))
    for names, place in ((first, "first"), (second, "second")):
        if len(names) < 2:
            message = f"the {place} prompt has {len(names)} versions; a joint test needs at least 2"
            raise InputError(message, "Add a version of it, or compare the other prompt's versions alone.")
    missing = [(one, other) for one in first for other in second if (one, other) not in cells]
    if missing:
        message = f"the pair of {missing[0][0]} and {missing[0][1]} was not run; a joint test needs every pair"
        raise InputError(message, "Run the missing pairs.")
    means = {cell: document_means(scores) for cell, scores in cells.items()}
    everywhere = sorted(set.intersection(*(set(own) for own in means.values())))
    columns = {cell: np.array([own[name] for name in everywhere], float) for cell, own in means.items()}
    anywhere = set().union(*means.values())
    return Grid(first, second, columns, len(anywhere) - len(everywhere))
