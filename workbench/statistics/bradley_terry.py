"""Strengths of several variants from who beat whom."""

import numpy as np

from workbench.errors import InputError
from workbench.statistics.scores import Floats

PRIOR_WINS = 0.1
"""Of every variant over every other: without it, one that never loses would be infinitely strong."""
ROUNDS = 10_000


def strengths(wins: Floats, prior: float = PRIOR_WINS, tolerance: float = 1e-10) -> Floats:
    """Log-strengths with a mean of 0; i beats j with the odds exp(strength i - strength j).

    Args:
        wins: wins[..., i, j] is how often i beat j, a tie as half a win for each; leading axes are separate tables.
        prior: Added to each count of a pair, above 0.
        tolerance: The largest change of a log-strength in the last round.

    Returns:
        Of shape wins[..., i].

    Raises:
        InputError: The table isn't square, or holds something that is no count.

    Source: Bradley and Terry 1952, Biometrika 39:324; the MM rounds of Hunter 2004, Annals of Statistics 32:384.
    """
    k = wins.shape[-1]
    if wins.ndim < 2 or wins.shape[-2] != k or not np.isfinite(wins).all() or (wins < 0).any():
        raise InputError("the table of wins must be square and hold numbers of at least 0")
    off = 1 - np.eye(k)
    counts = (wins + prior) * off
    met, won = counts + np.swapaxes(counts, -1, -2), counts.sum(axis=-1)
    power = np.ones(won.shape)
    for _ in range(ROUNDS if k > 1 else 0):
        shares = (met / (power[..., :, None] + power[..., None, :])).sum(axis=-1)
        logs = np.log(won / shares)
        after = np.exp(logs - logs.mean(axis=-1, keepdims=True))
        moved = float(np.abs(np.log(after / power)).max())
        power = after
        if moved < tolerance:
            break
    return np.asarray(np.log(power))
