"""A review with what came of it as JSON, for programs: the figures of the page."""

from dataclasses import asdict
from typing import Any

from workbench.review.model_review import ModelReview
from workbench.review.records import REASONS, Review
from workbench.review.summary import Summary

SCHEMA = 1


def review_json(review: Review) -> dict[str, Any]:
    """What it is, without what came of it; plain JSON values."""
    return {
        "id": review.id,
        "title": review.title,
        "dataflow": review.dataflow,
        "created_at": review.created_at,
        "created_by": review.created_by,
        "versions": list(review.labels),
        "pairs": sum(not pair.catch for pair in review.pairs),
        "alike": len(review.alike),
    }


def report_json(review: Review, summary: Summary, model: ModelReview | None) -> dict[str, Any]:
    """All of it; shares from 0 to 1, null where nothing is known.

    Args:
        review: The review.
        summary: What people said.
        model: What a model said, if one was asked.
    """
    outcome = summary.outcome
    return {
        "schema": SCHEMA,
        **review_json(review),
        "verdicts": [_duel(asdict(own)) for own in outcome.verdicts],
        "ranking": [asdict(own) for own in summary.ranking],
        "unranked": summary.unranked,
        "agreement": {"measure": summary.measure, "value": summary.agreement},
        "reviewers": [asdict(own) for own in outcome.raters],
        "left_out": [asdict(own) for own in outcome.doubts],
        "reasons": {
            label: {REASONS[key]: times for key, times in counts.most_common()}
            for label, counts in summary.reasons.items()
        },
        "model": _model(model) if model else None,
    }


def _model(model: ModelReview) -> dict[str, Any]:
    return {**asdict(model), "verdicts": [_duel(asdict(own)) for own in model.verdicts]}


def _duel(verdict: dict[str, Any]) -> dict[str, Any]:
    baseline, candidate = verdict.pop("duel")
    return {"baseline": baseline, "candidate": candidate, **verdict}
