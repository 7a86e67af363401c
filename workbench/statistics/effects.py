"""How far two variants lie apart on the same documents, before any word is said about it."""

from dataclasses import dataclass

import numpy as np

from workbench.statistics.binomial import sign_test
from workbench.statistics.bootstrap import RESAMPLES, corrected_interval, resampled_means
from workbench.statistics.intervals import Interval, newcombe_paired
from workbench.statistics.scores import Floats, Paired
from workbench.statistics.sign_flip import sign_flip_test

EXACT_METHOD = "exact McNemar test, Newcombe's interval"
NUMBER_METHOD = "sign-flip test, bootstrap interval over documents"


@dataclass(frozen=True)
class Effect:
    """A mean difference and what surrounds it."""

    difference: float | None
    """None without a document."""
    interval: Interval | None
    """Of the difference, for this question alone; None where no spread can be known."""
    p: float
    n: int
    """Documents."""
    higher: int
    lower: int
    spread: float
    """The standard deviation of the documents' differences; 0 for fewer than two."""
    method: str

    @property
    def ties(self) -> int:
        """Documents without a difference."""
        return self.n - self.higher - self.lower

    @property
    def exact(self) -> bool:
        """Whether each document's difference is one of -1, 0 and 1."""
        return self.method == EXACT_METHOD


def effect_of_pair(paired: Paired, confidence: float = 0.95, resamples: int = RESAMPLES) -> Effect:
    """Candidate - baseline; pass and fail by counting, other numbers by drawing documents again.

    Source: those of sign_test(), newcombe_paired() and effect_of_differences().
    """
    if not paired.pass_fail or not len(paired.baseline):
        return effect_of_differences(paired.differences, confidence, resamples)
    before, after = paired.baseline == 1, paired.candidate == 1
    gained, lost, both = (int(cells.sum()) for cells in (after & ~before, before & ~after, before & after))
    n = len(before)
    interval = newcombe_paired(both, gained, lost, n - both - gained - lost, confidence)
    spread = _spread(paired.differences)
    return Effect((gained - lost) / n, interval, sign_test(gained, lost), n, gained, lost, spread, EXACT_METHOD)


def effect_of_differences(differences: Floats, confidence: float = 0.95, resamples: int = RESAMPLES) -> Effect:
    """The mean of one difference per document.

    Args:
        differences: Finite; may be empty.
        confidence: Of the interval, in (0, 1).
        resamples: How often the documents are drawn again.

    Source: Efron 1987 for the interval (BCa), Fisher 1935 for the test.
    """
    n = len(differences)
    if n == 0:
        return Effect(None, None, 1.0, 0, 0, 0, 0.0, NUMBER_METHOD)
    interval = None
    if n > 1:
        interval = corrected_interval(differences, resampled_means(differences, resamples), confidence)
    return Effect(
        float(differences.mean()),
        interval,
        sign_flip_test(differences),
        n,
        int((differences > 0).sum()),
        int((differences < 0).sum()),
        _spread(differences),
        NUMBER_METHOD,
    )


def _spread(differences: Floats) -> float:
    return float(np.std(differences, ddof=1)) if len(differences) > 1 else 0.0
