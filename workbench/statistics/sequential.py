"""Votes that are looked at while they come in: a verdict that is valid at every look."""

import math
from dataclasses import dataclass

from workbench.errors import InputError
from workbench.statistics.binomial import check_counts
from workbench.statistics.intervals import Interval
from workbench.statistics.verdict import ALPHA, Word


@dataclass(frozen=True)
class LiveVerdict:
    """What the votes so far say."""

    word: Word
    win_share: float | None
    """Of the candidate among the votes that were no ties; None without any."""
    interval: Interval
    """Of the true win share, valid at every look."""
    e_value: float
    """The gain of a fair bet against "both are as good": 1 / alpha decides."""
    wins: int
    losses: int
    ties: int


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


def win_share_sequence(wins: int, losses: int, alpha: float = ALPHA) -> Interval:
    """The win shares that are not refuted: at all looks together they miss the true one with a chance of alpha.

    Args:
        wins: Decided for the candidate.
        losses: Decided for the baseline.
        alpha: In (0, 1).

    Returns:
        (0, 1) without votes.

    Source: Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021, Annals of Statistics 49:1055.
    """
    check_counts(wins, losses)
    if wins + losses == 0:
        return 0.0, 1.0
    share, limit = wins / (wins + losses), math.log(1 / alpha)

    def edge(kept: float, refuted: float) -> float:
        for _ in range(60):  # halvings: to the last bit
            middle = (kept + refuted) / 2
            if log_e_value(wins, losses, middle) < limit:
                kept = middle
            else:
                refuted = middle
        return refuted

    tiny = 1e-12
    low = edge(max(share, tiny), tiny) if wins else 0.0
    high = edge(min(share, 1 - tiny), 1 - tiny) if losses else 1.0
    return low, high


def live_verdict(wins: int, losses: int, ties: int = 0, alpha: float = ALPHA) -> LiveVerdict:
    """The word the votes so far allow; it may be asked for after every vote.

    Args:
        wins: Votes for the candidate; each must be a document or visitor of its own.
        losses: For the baseline.
        ties: They decide nothing.
        alpha: How often a winner may ever be called where there is none.

    Raises:
        InputError: A count is below 0.

    Source: those of log_e_value() and win_share_sequence().
    """
    check_counts(wins, losses, ties)
    logarithm = log_e_value(wins, losses)
    word: Word = "not enough evidence"
    if logarithm >= math.log(1 / alpha):
        word = "better" if wins > losses else "worse"
    share = wins / (wins + losses) if wins + losses else None
    e_value = math.exp(min(logarithm, 700.0))  # the largest a float holds
    return LiveVerdict(word, share, win_share_sequence(wins, losses, alpha), e_value, wins, losses, ties)
