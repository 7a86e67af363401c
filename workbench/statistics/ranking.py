"""A ranking of more than two variants from blind pairwise votes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.errors import InputError
from workbench.statistics.bootstrap import percentile_interval
from workbench.statistics.bradley_terry import strengths
from workbench.statistics.intervals import Interval
from workbench.statistics.scores import Floats
from workbench.statistics.verdict import ALPHA

RESAMPLES = 2_000


@dataclass(frozen=True)
class Bout:
    """Two variants on one document, by one reviewer or by all together."""

    document: str
    first: str
    second: str
    share: float
    """Of the first: 1 won, 0 lost, 0.5 tied."""


@dataclass(frozen=True)
class Standing:
    """One variant's place."""

    variant: str
    strength: float
    """Log-odds; the variants' mean is 0, and 1 more is 73 % of the votes."""
    interval: Interval | None
    """Of the strength, at 1 - alpha; None for fewer than two documents."""
    wins: int
    losses: int
    ties: int
    beats: tuple[str, ...]
    """The variants it is shown to be stronger than, all these comparisons corrected together."""


def ranked(bouts: Sequence[Bout], alpha: float = ALPHA, resamples: int = RESAMPLES, seed: int = 0) -> list[Standing]:
    """The variants, strongest first; documents are drawn again with all their bouts.

    Args:
        bouts: Of different variants.
        alpha: How often any comparison may call a winner by chance, about.
        resamples: How often the documents are drawn again.
        seed: The same seed gives the same ranking.

    Returns:
        Empty without bouts.

    Raises:
        InputError: A variant met itself, a share lies outside [0, 1], or some variants were never compared with others.

    Source: Bradley and Terry 1952; Bonferroni over the pairs for `beats`; percentile bootstrap (Efron 1979).
    """
    variants = sorted({label for bout in bouts for label in (bout.first, bout.second)})
    documents = sorted({bout.document for bout in bouts})
    if not bouts:
        return []
    tables = _tables(bouts, variants, documents)
    _check_connected(tables.sum(axis=0), variants)
    point = strengths(tables.sum(axis=0))
    draws = None
    if len(documents) > 1:
        source = np.random.default_rng(seed)
        even = np.full(len(documents), 1 / len(documents))
        weights = source.multinomial(len(documents), even, resamples).astype(float)
        draws = strengths(np.tensordot(weights, tables, axes=1), tolerance=1e-5)
    pairs = max(1, len(variants) * (len(variants) - 1) // 2)
    standings = []
    for place, variant in enumerate(variants):
        interval, beats = None, []
        if draws is not None:
            interval = percentile_interval(draws[:, place], 1 - alpha)
            gaps = (percentile_interval(draws[:, place] - other, 1 - alpha / pairs)[0] for other in draws.T)
            beats = [label for label, gap in zip(variants, gaps, strict=True) if gap > 0]
        own = [bout.share for bout in bouts if bout.first == variant]
        own += [1 - bout.share for bout in bouts if bout.second == variant]
        counts = (sum(share > 0.5 for share in own), sum(share < 0.5 for share in own), own.count(0.5))
        standings.append(Standing(variant, float(point[place]), interval, *counts, tuple(beats)))
    return sorted(standings, key=lambda standing: (-standing.strength, standing.variant))


def _tables(bouts: Sequence[Bout], variants: list[str], documents: list[str]) -> Floats:
    """Document, winner, loser -> wins."""
    place, row = {label: at for at, label in enumerate(variants)}, {name: at for at, name in enumerate(documents)}
    tables = np.zeros((len(documents), len(variants), len(variants)))
    for bout in bouts:
        if bout.first == bout.second:
            raise InputError(f"{bout.first} met itself on {bout.document}; a bout needs two variants")
        if not 0 <= bout.share <= 1:
            raise InputError(f"the share of {bout.first} on {bout.document} is {bout.share}; it lies between 0 and 1")
        tables[row[bout.document], place[bout.first], place[bout.second]] += bout.share
        tables[row[bout.document], place[bout.second], place[bout.first]] += 1 - bout.share
    return tables


def _check_connected(wins: Floats, variants: list[str]) -> None:
    reached, met = np.eye(len(variants))[0] > 0, wins + wins.T > 0
    for _ in variants:
        reached = reached | (met & reached).any(axis=1)
    if not reached.all():
        apart = variants[int(np.flatnonzero(~reached)[0])]
        message = f"{apart} was never compared with {variants[0]}, nor through other variants"
        raise InputError(message, "Collect votes on a pair that joins them.")
