"""What speaks for a variant against the version it began as: verdicts, each with its interval, as sentences."""

from collections.abc import Iterator
from contextlib import suppress

from workbench.errors import HistoryError
from workbench.history.history import History
from workbench.records import Variant
from workbench.review.records import Review
from workbench.review.reviews import Reviews
from workbench.review.verdicts import outcome_of

_MOST = 5


def evidence_of(history: History, dataflow: str, variant: Variant) -> tuple[str, ...]:
    """A sentence for each blind review of exactly these prompts against their base, the newest first; at most five.

    Args:
        history: The reviews are in its database.
        dataflow: Whose.
        variant: That is to become a version. Reviews of what it was before its last edit don't count.
    """
    try:
        return tuple(own for _, own in zip(range(_MOST), _reviews(history, dataflow, variant), strict=False))
    except HistoryError:  # an export does not wait for a database
        return ()


def _reviews(history: History, dataflow: str, variant: Variant) -> Iterator[str]:
    reviews = Reviews(history)
    for review in reviews.all(dataflow):
        if not _is_of(history, review, variant):
            continue
        outcome = outcome_of(review, reviews.votes(review))
        for verdict in outcome.verdicts:
            if verdict.duel == (variant.base, variant.label) and verdict.count.documents:
                count, (low, high) = verdict.count, verdict.interval
                won = f"{count.wins} won, {count.losses} lost, {count.ties} tied of {count.documents} documents"
                people = len(outcome.raters) - len(outcome.doubts)
                more = f"; about {verdict.needed:,} more documents would decide it" if verdict.needed else ""
                yield (
                    f"Blind review by {people} {'person' if people == 1 else 'people'}: {verdict.word} ({won}; "
                    f"95 % interval of decided {low:.0%} to {high:.0%}; p = {verdict.p:.2g}{more})."
                )


def _is_of(history: History, review: Review, variant: Variant) -> bool:
    """Whether its answers are of these very texts."""
    for pair in review.pairs:
        if pair.labels == (variant.base, variant.label) and not pair.catch:
            with suppress(HistoryError):
                opened = history.open(pair.runs[1]).experiment
                return bool(opened and dict(opened.variants[0].templates) == dict(variant.templates))
    return False
