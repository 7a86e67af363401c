"""What a review came to, for whoever shows it: the page and the command say the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.errors import InputError
from workbench.review.records import REASONS, Review, Vote
from workbench.review.tally import ballots, bouts, reasons_of
from workbench.review.verdicts import Outcome, outcome_of
from workbench.statistics.agreement import agreement
from workbench.statistics.ranking import Standing, ranked


@dataclass(frozen=True)
class Summary:
    """All of it."""

    outcome: Outcome
    ranking: tuple[Standing, ...]
    """Of more than two variants, the strongest first; Bradley and Terry 1952."""
    unranked: str
    """Why there is no ranking of more than two; mostly empty."""
    agreement: float | None
    """Of reviewers on the same pairs: 1 is full, 0 is chance; None where no pair has two votes."""
    measure: str
    """Which measure of agreement it is."""
    reasons: Mapping[str, Counter[str]]
    """Label of the worse answer -> keys of REASONS, counted."""


def summary_of(review: Review, votes: Sequence[Vote]) -> Summary:
    """What the votes say."""
    outcome = outcome_of(review, votes)
    ranking: tuple[Standing, ...] = ()
    unranked = ""
    if len(review.labels) > 2:
        try:
            ranking = tuple(ranked(bouts(review, votes, [doubt.reviewer for doubt in outcome.doubts])))
        except InputError as error:
            unranked = error.message
    measure, value = agreement(ballots(review, votes))
    known = {
        label: Counter({key: times for key, times in counts.items() if key in REASONS})
        for label, counts in reasons_of(review, votes).items()
    }
    return Summary(outcome, ranking, unranked, value, measure, known)
