"""The marks of the drawing: what a run will do to each node, does, or did."""

from collections.abc import Collection, Mapping
from pathlib import Path

from hamilton.driver import Driver

from pages.shared.experiments import counted, current_job, last_experiment
from workbench.engine.node_marks import NodeMark, edited, forecast, marks_of_run
from workbench.engine.plan import CellPlan
from workbench.errors import WorkbenchError
from workbench.records import Document, Experiment, Run, Variant, Version

Marks = dict[str, tuple[str, str]]
"""Node -> (class, words)."""


def cell_of(experiment: Experiment, versions: dict[str, Version], label: str) -> CellPlan | WorkbenchError | None:
    """The plan of a variant on the document, or why it can't run; None while it is being counted."""
    count = counted(experiment, versions)
    if count.error or count.plan is None or count.counting:
        return count.error
    return count.plan.refused.get(label) or count.plan.cells.get((label, experiment.documents[0].sha256, 0))


def run_of(label: str, document: Document | None) -> Run | None:
    """What ran last under this label on the document."""
    experiment = last_experiment()
    runs = experiment.runs if experiment and document else ()
    found = [run for run in runs if run.variant == label and document and run.document == document.sha256]
    return found[0] if found else None


def live_marks(label: str, baseline: str, document: Document) -> Marks:
    """While the experiment runs."""
    job = current_job()
    lane = job.lanes.get((label, document.sha256, 0)) if job else None
    if not lane:
        return {}
    before = run_of(baseline, document) if baseline != label else None
    return _words(marks_of_run(lane, before if before and before.status == "done" else None))


def marks(
    built: Driver, experiment: Experiment, cell: CellPlan, label: str, base: str, baseline: str
) -> tuple[Marks, bool]:
    """What will happen, or, when nothing will, what did; and whether it is what did.

    Args:
        built: The dataflow as it is drawn.
        experiment: What Run would run.
        cell: Its plan for this variant.
        label: Of the variant.
        base: Of the version it began as: a draft that never ran is held against that one.
        baseline: Of the variant that values are held against.
    """
    document = experiment.documents[0]
    own = run_of(label, document)
    if own and own.status != "stopped" and not cell.to_make and cell.prompts == dict(own.prompts):
        before = run_of(baseline, document) if baseline != label else None
        return _words(marks_of_run(own, before)), True
    if own and own.status == "failed" and cell.prompts == dict(own.prompts):
        return _words({**forecast(built, cell.prompts, cell), **marks_of_run(own, None)}), True
    last = own or run_of(base, document)
    ran = last_experiment()
    changed = edited(cell, experiment.inputs, last, ran.inputs if last and ran else {})
    return _words(forecast(built, changed, cell)), False


def source_marks(prompts: Collection[str], variant: Variant, versions: Mapping[str, Version]) -> Marks:
    """Prompt -> where this variant has it from."""
    base = versions[variant.base]
    return {name: ("", "typed" if name in variant.templates else source_words(base)) for name in prompts}


def source_words(version: Version) -> str:
    """Where a version's prompts are: "in prompts_v3.py", "by config version=v2", "from the store, v2"."""
    if version.origin == "config":
        return f"by config {version.label}"
    if version.origin == "store":
        return f"from the store, v{version.stored}"
    return f"in {Path(version.path).name}"


def _words(found: dict[str, NodeMark]) -> Marks:
    return {name: (mark.mark.replace(" ", "-"), _line(mark)) for name, mark in found.items()}


def _line(mark: NodeMark) -> str:
    parts: list[str] = [mark.mark]
    if mark.calls:
        parts.append(f"{mark.calls:,} call{'' if mark.calls == 1 else 's'}")
    if mark.reused:
        parts.append(f"{mark.reused:,} reused" if mark.mark != "reused" or mark.calls else f"{mark.reused:,} kept")
    if mark.mark in ("ran", "changed", "failed") and mark.seconds >= 0.05:
        parts.append(f"{mark.seconds:.1f} s")
    return " · ".join(parts)
