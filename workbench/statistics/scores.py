"""Scores of documents, checked and paired: a document counts once, however many repetitions it has."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from workbench.errors import InputError

Floats = NDArray[np.float64]
Scores = Mapping[str, Sequence[float]]
"""Document name -> its scores, one for each repetition or assertion; true and false count as 1 and 0."""

RELATIVE_NOISE = 1e-9
"""Two means nearer to each other than this share of their size are the same: 0.1 + 0.2 is 0.3."""


@dataclass(frozen=True)
class Paired:
    """The means of the documents that both variants have, in the order of the documents' names."""

    baseline: Floats
    candidate: Floats
    unpaired: int
    """Documents that only one of the two has; they say nothing and are left out."""

    @property
    def differences(self) -> Floats:
        """Candidate - baseline; exactly 0 where the two differ by rounding only."""
        return without_noise(self.candidate - self.baseline, np.abs(self.candidate) + np.abs(self.baseline))

    @property
    def pass_fail(self) -> bool:
        """Whether every mean is 0 or 1, as it is for one yes or no per document."""
        return bool(np.isin(self.baseline, (0, 1)).all() and np.isin(self.candidate, (0, 1)).all())


def without_noise(differences: Floats, sizes: Floats) -> Floats:
    """The differences, those of rounding set to 0; sizes are what the differing figures add up to."""
    return np.where(np.abs(differences) <= RELATIVE_NOISE * sizes, 0.0, differences)


def pair(baseline: Scores, candidate: Scores, documents: Collection[str] | None = None) -> Paired:
    """Both variants' means of each document.

    Args:
        baseline: A document without a score counts as missing.
        candidate: The same.
        documents: Only these; None: all.

    Raises:
        InputError: A score is not a finite number.
    """
    before, after = document_means(baseline, documents), document_means(candidate, documents)
    both = sorted(before.keys() & after.keys())
    return Paired(
        np.array([before[name] for name in both], float),
        np.array([after[name] for name in both], float),
        len(before.keys() ^ after.keys()),
    )


def document_means(scores: Scores, documents: Collection[str] | None = None) -> dict[str, float]:
    """Document name -> the mean of its scores; documents without a score are left out.

    Raises:
        InputError: A score is not a finite number.
    """
    means = {}
    for name, values in scores.items():
        if not len(values) or (documents is not None and name not in documents):
            continue
        for value in values:
            if not math.isfinite(value):
                message = f"the score of {name} is {value}; a score is a finite number"
                raise InputError(message, "Leave the document out, or score it again.")
        means[name] = fmean(values)
    return means
