"""A review with what came of it, to be read on a terminal."""

from collections.abc import Iterator, Sequence

from workbench.review.model_review import ModelReview
from workbench.review.records import REASONS, Review
from workbench.review.summary import Summary
from workbench.review.tally import Count, Duel
from workbench.statistics.intervals import Interval


def list_text(reviews: Sequence[Review]) -> str:
    """A line for each: id, dataflow, versions, pairs, title."""
    return "\n".join(
        _plain(f"{own.id}  {own.dataflow}  {', '.join(own.labels)}  {len(own.pairs)} pairs  {own.title}")
        for own in reviews
    )


def report_text(review: Review, summary: Summary, model: ModelReview | None) -> str:
    """Verdicts, ranking, reviewers and reasons; and what a model said, if one was asked."""
    return "\n".join(_plain(line) for line in [*_people(review, summary), *(_model(model) if model else ())])


def _people(review: Review, summary: Summary) -> Iterator[str]:
    outcome = summary.outcome
    yield review.title
    for own in outcome.verdicts:
        needed = f", about {own.needed:,} more documents needed" if own.needed else ""
        needed += f", {own.open:,} open" if own.open else ""
        yield _verdict(own.duel, own.word + needed, own.count, "documents", own.interval, own.p)
    for place, standing in enumerate(summary.ranking, 1):
        interval = "" if standing.interval is None else " ({:+.2f} to {:+.2f})".format(*standing.interval)
        beats = ", ".join(standing.beats) or "none"
        yield f"{place}. {standing.variant}: strength {standing.strength:+.2f}{interval}, shown to beat {beats}"
    if summary.unranked:
        yield summary.unranked
    for rater in outcome.raters:
        sides, caught = f"{rater.left} left, {rater.right} right", f"{rater.caught} of {rater.catches} catch trials"
        yield f"{rater.name}: {rater.votes} votes, {sides}, {caught}"
    for doubt in outcome.doubts:
        yield f"{doubt.reviewer} {doubt.why}, so these votes are left out."
    if summary.agreement is not None:
        yield f"Agreement: {summary.agreement:.2f} ({summary.measure}; 1 is full, 0 is chance)"
    for label, counts in summary.reasons.items():
        yield f"{label} had: " + ", ".join(f"{REASONS[key]} {times}" for key, times in counts.most_common())


def _model(model: ModelReview) -> Iterator[str]:
    yield "A model as a reviewer"
    for own in model.verdicts:
        yield _verdict(own.duel, own.word, own.count, "pairs", own.interval, own.p)
    habits = model.habits
    yield (
        f"Contradicted itself {habits.flips} of {habits.pairs}; for the first / second shown "
        f"{habits.shown_first} / {habits.shown_second}; for the longer / shorter {habits.longer} / {habits.shorter}; "
        f"unusable replies {habits.unusable}"
    )


def _verdict(duel: Duel, word: str, count: Count, unit: str, interval: Interval, p: float) -> str:
    low, high = interval
    return (
        f"{duel[1]} against {duel[0]}: {word} ({count.wins} won, {count.losses} lost, {count.ties} tied of "
        f"{count.documents} {unit}; 95 % interval of decided {low:.0%} to {high:.0%}; p = {p:.3f})"
    )


def _plain(text: str) -> str:
    """On one line: what people typed must not steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
