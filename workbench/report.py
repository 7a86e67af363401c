"""What an experiment gave, as JSON for programs and as text for a terminal."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workbench import project
from workbench.engine.jobs import Job
from workbench.engine.plan import Plan
from workbench.errors import DocumentError
from workbench.records import Document, Experiment, Run

_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def with_unread(experiment: Experiment, unread: Sequence[tuple[Document, DocumentError]]) -> Experiment:
    """The experiment with a failed run per variant for each document that gave no text."""
    runs = tuple(
        Run(
            variant=variant.label,
            document=document.sha256,
            status="failed",
            error=(type(error).__name__, error.message),
            hint=error.hint,
            model=experiment.model.name,
            repetition=repetition,
        )
        for repetition in range(experiment.repetitions)
        for document, error in unread
        for variant in experiment.variants
    )
    documents = experiment.documents + tuple(document for document, _ in unread)
    return replace(experiment, documents=documents, runs=experiment.runs + runs)


def experiment_json(experiment: Experiment) -> dict[str, Any]:
    """The form that `compare --json` writes; plain JSON values."""
    return {
        "documents": [
            {
                "name": document.name,
                "sha256": document.sha256,
                "pages": document.pages,
                "chunks": chunk_count(experiment, document),
            }
            for document in experiment.documents
        ],
        "calls": {
            "made": sum(run.calls_made for run in experiment.runs),
            "reused": sum(run.calls_reused for run in experiment.runs),
        },
        "seconds": experiment.seconds,
        "runs": [_run_json(run) for run in experiment.runs],
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """The form that `compare --plan` writes; plain JSON values, null where a price is unknown."""
    return {
        "calls": {"to_make": plan.to_make, "reused": plan.reused},
        "tokens": plan.input_tokens,
        "cost_usd": {"low": plan.cost_low, "high": plan.cost_high},
    }


def chunk_count(experiment: Experiment, document: Document) -> int:
    """How many pieces the document was read in; 0 when no run came that far."""
    node = project.dataflows()[experiment.dataflow].chunks
    return max((len(run.values.get(node, ())) for run in experiment.runs if run.document == document.sha256), default=0)


def experiment_text(experiment: Experiment) -> str:
    """Every run with its figures and its answer, for reading."""
    names = {document.sha256: document.name for document in experiment.documents}
    parts = []
    for run in experiment.runs:
        cost = "price unknown" if run.cost_usd is None else f"${run.cost_usd:.4f}"
        figures = (
            f"{run.status} in {run.seconds:.1f} s, {run.calls_made} calls made, {run.calls_reused} reused, "
            f"{run.input_tokens} tokens in, {run.output_tokens} out, {cost}"
        )
        text = run.output or (f"{run.error[1]} {run.hint}".strip() if run.error else "")
        which = f", repetition {run.repetition + 1}" if experiment.repetitions > 1 else ""
        parts.append(f"== {run.variant} on {names[run.document]}{which}: {figures}\n\n{text}\n")
    return _shown("\n".join(parts))


def progress_line(job: Job) -> str:
    """How far a job is, on one line."""
    lanes = list(job.lanes.values())
    calls = [call for lane in lanes for call in list(lane.calls)]
    answered = sum(call.answer is not None for call in calls)
    done = sum(lane.status == "done" for lane in lanes)
    failed = sum(lane.status == "failed" for lane in lanes)
    return f"{answered} of {len(calls)} calls, {done} of {len(lanes)} runs done" + (
        f", {failed} failed" if failed else ""
    )


def _shown(text: str) -> str:
    """Without what steers a terminal or can't be written to one: answers and file names may hold anything."""
    return _UNSHOWN.sub("\ufffd", text)


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "variant": run.variant,
        "document": run.document,
        "repetition": run.repetition,
        "status": run.status,
        "output": run.output,
        "error": {"type": run.error[0], "message": run.error[1]} if run.error else None,
        "prompts": dict(run.prompts),
        "model": run.model,
        "calls": {"made": run.calls_made, "reused": run.calls_reused},
        "tokens": {"input": run.input_tokens, "output": run.output_tokens},
        "cost_usd": run.cost_usd,
        "seconds": run.seconds,
        "reused": {"seconds": run.reused_seconds, "cost_usd": run.reused_cost_usd},
        "nodes": [{"name": node.name, "seconds": node.seconds, "shared": node.shared} for node in run.nodes],
    }
