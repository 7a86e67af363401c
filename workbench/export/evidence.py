"""What speaks for a variant against the version it began as: verdicts of evaluations and of blind reviews."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workbench.errors import HistoryError
from workbench.evaluation.evidence import Evidence, Figures
from workbench.evaluation.evidence_file import MOST
from workbench.evaluation.prompt_texts import variant_sha256
from workbench.evaluation.verdict_store import kept_verdicts
from workbench.history.history import History
from workbench.records import Variant, Version
from workbench.review.records import Review
from workbench.review.reviews import Reviews
from workbench.review.verdicts import outcome_of


@dataclass(frozen=True)
class Question:
    """Whether a variant is better than a version."""

    dataflow: str
    variant: Variant
    against: str
    """Label of the version."""
    versions: Mapping[str, Version]
    """As they are now."""

    @property
    def hashes(self) -> tuple[str, str]:
        """Of the prompts of the variant and of the version; both empty where one can't be told."""
        own = variant_sha256(self.variant, self.versions)
        other = variant_sha256(Variant(self.against, self.against), self.versions)
        return (own, other) if own and other else ("", "")


def evidence_of(history: History, home: Path, question: Question) -> tuple[Evidence, ...]:
    """Evaluations and blind reviews of exactly these prompts against exactly those, the newest first; at most five.

    Args:
        history: The reviews are in its database.
        home: The state folder; the verdicts of evaluations are in it.
        question: What was of a prompt before its last edit doesn't count.
    """
    hashes = question.hashes
    if not hashes[0] or hashes[0] == hashes[1]:
        return ()
    found = [(own.ended_at, own.evidence) for own in kept_verdicts(home, question.dataflow, *hashes)]
    with suppress(HistoryError):  # an export does not wait for a database
        found += [own for own, _ in zip(_reviews(history, question, hashes), range(MOST), strict=False)]
    found.sort(key=lambda own: -own[0])
    return tuple(own for _, own in found[:MOST])


def _reviews(history: History, question: Question, hashes: tuple[str, str]) -> Iterator[tuple[float, Evidence]]:
    reviews, labels = Reviews(history), (question.against, question.variant.label)
    for review in reviews.all(question.dataflow):
        if not _is_of(history, review, question):
            continue
        outcome = outcome_of(review, reviews.votes(review))
        for own in outcome.verdicts:
            if own.duel == labels and own.count.documents:
                count, interval = own.count, (round(own.interval[0], 6), round(own.interval[1], 6))
                counts = (count.documents, count.wins, count.losses, count.ties)
                evidence = Evidence(
                    kind="review",
                    date=datetime.fromtimestamp(review.created_at, UTC).date().isoformat(),
                    prompts_sha256=hashes[0],
                    baseline=question.against,
                    baseline_sha256=hashes[1],
                    figures=Figures(own.word, *counts, interval, float(f"{own.p:.6g}"), needed=own.needed),
                    people=len(outcome.raters) - len(outcome.doubts),
                )
                yield review.created_at, evidence


def _is_of(history: History, review: Review, question: Question) -> bool:
    """Whether its answers are of these very texts."""
    labels = (question.against, question.variant.label)
    for pair in review.pairs:
        if pair.labels == labels and not pair.catch:
            with suppress(HistoryError):
                opened = history.open(pair.runs[1]).experiment
                return bool(opened and dict(opened.variants[0].templates) == dict(question.variant.templates))
    return False
