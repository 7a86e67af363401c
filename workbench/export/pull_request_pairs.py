"""The runs of a new version beside its parent's, by document, and where the chain first differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench import project
from workbench.comparison.parting import first_difference, parting_line
from workbench.comparison.steps import steps_between
from workbench.export.pull_request_public import public, public_answer
from workbench.records import Document, Experiment, Run
from workbench.report import chunk_count

LONGEST_ANSWER = 4_000
"""Characters; no answer is shown at greater length, however much room there is."""

_ERROR_CHARS = 300


@dataclass(frozen=True)
class Pair:
    """The parent and the new version on one document: its first repetition that both have, else what there is."""

    document: Document
    left: Run | None
    right: Run | None
    parts: bool | None
    """Whether they differ in any repetition; None when none could be compared."""
    line: str
    """Where they part, in words, with no mark-up yet."""
    answers: tuple[str, str]
    """The beginnings of both answers, as far as they may be shown; empty where there is none."""


def pairs_of(experiment: Experiment, variants: tuple[str, str], labels: tuple[str, str]) -> list[Pair]:
    """A pair for each document that one of the two ran on, in the experiment's order.

    Args:
        experiment: What was run.
        variants: Labels of both in the experiment; an empty one did not run.
        labels: What they are called in the text.
    """
    runs: dict[str, tuple[dict[int, Run], dict[int, Run]]] = {}
    for run in experiment.runs:
        for side, variant in enumerate(variants):
            if variant and run.variant == variant:
                runs.setdefault(run.document, ({}, {}))[side][run.repetition] = run
    return [
        _pair(document, runs[document.sha256], labels, _chunks(experiment, document))
        for document in experiment.documents
        if document.sha256 in runs
    ]


def summary_of(pairs: Sequence[Pair]) -> str:
    """How many documents there are, and on how many both went the same way."""
    same, apart = (sum(pair.parts is state for pair in pairs) for state in (False, True))
    unknown = len(pairs) - same - apart
    others = f", {unknown:,} could not be compared" if unknown else ""
    return f"Documents: {len(pairs):,}. Identical on {same:,}, different on {apart:,}{others}."


def _pair(
    document: Document, sides: tuple[dict[int, Run], dict[int, Run]], labels: tuple[str, str], chunks: int
) -> Pair:
    left, right = sides
    both = sorted(left.keys() & right.keys())
    if not both:
        missing = labels[0] if not left else labels[1]
        return _pair_of(document, _first(left), _first(right), None, f"{missing} has no run to compare")
    compared = [(at, steps) for at in both if (steps := steps_between(left[at], right[at]))]
    parted = [at for at, steps in compared if first_difference(steps)]
    at = both[0]
    here = dict(compared).get(at)
    line = parting_line(labels, (left[at], right[at]), here, chunks) if here else "neither came to a step"
    if len(both) > 1:
        line += f" (repetition {at + 1}; they differ in {len(parted)} of {len(both)} repetitions)"
    for label, run in zip(labels, (left[at], right[at]), strict=True):
        line += _trouble(label, run)
    reached = any(step.state != "not reached" for _, steps in compared for step in steps)
    return _pair_of(document, left[at], right[at], bool(parted) if reached else None, line)


def _pair_of(document: Document, left: Run | None, right: Run | None, parts: bool | None, line: str) -> Pair:
    texts = [run.output if run and run.status == "done" else "" for run in (left, right)]
    first, second = (public_answer(text, document.page_texts, LONGEST_ANSWER) for text in texts)
    return Pair(document, left, right, parts, line, (first, second))


def _trouble(label: str, run: Run) -> str:
    if run.status == "done":
        return ""
    error = f": {public(run.error[1], _ERROR_CHARS)}" if run.error else ""
    return f"; {label} {run.status if run.status in ('failed', 'stopped') else 'did not end'}{error}"


def _first(runs: dict[int, Run]) -> Run | None:
    return runs[min(runs)] if runs else None


def _chunks(experiment: Experiment, document: Document) -> int:
    return chunk_count(experiment, document) if experiment.dataflow in project.dataflows() else 0
