"""Votes that are looked at while they come in: a word that is valid at every look."""

import math

from workbench.errors import InputError
from workbench.statistics.binomial import check_counts
from workbench.statistics.verdict import ALPHA, Word


def log_e_value(wins: int, losses: int, fair: float = 0.5) -> float:
    """The logarithm of the evidence that the win share isn't `fair`; all shares are bet on alike.

    Whatever the moment of looking, it ever reaches log(1 / alpha) with a chance of at most alpha.

    Args:
        wins: Decided for the candidate.
        losses: Decided for the baseline.
        fair: The share that is doubted, in (0, 1).

    Raises:
        InputError: A count is below 0, or fair isn't inside (0, 1).

    Source: the beta-binomial mixture of Robbins 1970, Annals of Mathematical Statistics 41:1397; Ville's inequality.
    """
    check_counts(wins, losses)
    if not 0 < fair < 1:
        raise InputError(f"the doubted win share is {fair}; it must lie between 0 and 1")
    mixed = math.lgamma(wins + 1) + math.lgamma(losses + 1) - math.lgamma(wins + losses + 2)
    return mixed - wins * math.log(fair) - losses * math.log1p(-fair)


def live_word(wins: int, losses: int, alpha: float = ALPHA) -> Word:
    """The word the votes so far allow; it may be asked for after every vote.

    Args:
        wins: Votes for the candidate; each must be a document or visitor of its own.
        losses: For the baseline.
        alpha: How often a winner may ever be called where there is none.

    Raises:
        InputError: A count is below 0.

    Source: those of log_e_value().
    """
    if log_e_value(wins, losses) < math.log(1 / alpha):
        return "not enough evidence"
    return "better" if wins > losses else "worse"
