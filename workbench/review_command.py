"""python -m workbench review: blind reviews, and what came of them."""

import argparse
import json
import sys
from contextlib import closing

from workbench import settings
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.stopping import Stop
from workbench.errors import WorkbenchError
from workbench.history.history import History
from workbench.history.places import open_history
from workbench.models.catalog import choice_named, endpoint_for
from workbench.review.json_report import report_json, review_json
from workbench.review.model_review import ModelReview, model_review
from workbench.review.records import Review
from workbench.review.reviews import Reviews
from workbench.review.summary import summary_of
from workbench.review.text_report import list_text, report_text


def review(options: argparse.Namespace) -> int:
    """List the reviews, or show one; the exit code: 0 shown, 1 there is none, 2 it can't be shown."""
    try:
        history = open_history()
        history.drain()
        said = _listed(history, options) if options.action == "list" else _shown(history, options)
    except WorkbenchError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    if not said:
        print("There is no review yet; begin one on the page Review.", file=sys.stderr)
        return 1
    encoding = sys.stdout.encoding or "utf-8"
    print(said.encode(encoding, "replace").decode(encoding))
    return 0


def _listed(history: History, options: argparse.Namespace) -> str:
    known = Reviews(history).all(options.dataflow)
    if options.json:
        return json.dumps([review_json(own) for own in known])
    return list_text(known)


def _shown(history: History, options: argparse.Namespace) -> str:
    reviews = Reviews(history)
    own = reviews.find(options.review)
    summary = summary_of(own, reviews.votes(own))
    model = _judged(own, history, options.judge) if options.judge else None
    return json.dumps(report_json(own, summary, model)) if options.json else report_text(own, summary, model)


def _judged(own: Review, history: History, name: str) -> ModelReview:
    choice = choice_named(name)
    with closing(CallPool(CallStore(settings.home() / "calls.db"))) as pool:
        return model_review(own, history, choice, pool, endpoint_for(choice), Stop())
