"""The sign-flip test: were the two variants the same, each difference could as well have had the other sign."""

import numpy as np

from workbench.statistics.scores import RELATIVE_NOISE, Floats

EXACT_DOCUMENTS = 16
"""Up to here all sign patterns are tried, 65,536; above, patterns are drawn."""
PATTERNS = 10_000
BLOCK_SIGNS = 1_000_000


def sign_flip_test(differences: Floats, seed: int = 0, patterns: int = PATTERNS) -> float:
    """The chance of a mean this far from 0 if each document's difference had a sign of chance; two-sided.

    It keeps its level for few documents, where a bootstrap's interval is too narrow. For differences of -1, 0 and 1 it
    is the sign test.

    Args:
        differences: One for each document.
        seed: Of the patterns drawn for more than EXACT_DOCUMENTS documents that differ.
        patterns: How many are drawn; the least value is 1 / (patterns + 1).

    Returns:
        From above 0 to 1; 1 without differences.

    Source: Fisher 1935, The Design of Experiments, 21; for drawn patterns Phipson and Smyth 2010, SAGMB 9:39.
    """
    sizes = np.abs(differences[differences != 0])
    reached = abs(float(differences.sum())) - RELATIVE_NOISE * float(sizes.sum())
    if not len(sizes):
        return 1.0
    if len(sizes) <= EXACT_DOCUMENTS:
        sums = np.zeros(1)
        for size in sizes:
            sums = np.concatenate([sums + size, sums - size])
        return float((np.abs(sums) >= reached).mean())
    source, rows = np.random.default_rng(seed), max(1, BLOCK_SIGNS // len(sizes))
    as_far = 0
    for start in range(0, patterns, rows):
        flips = source.integers(0, 2, (min(rows, patterns - start), len(sizes)), dtype=np.int8)
        as_far += int((np.abs((2 * flips - 1) @ sizes) >= reached).sum())
    return (as_far + 1) / (patterns + 1)
