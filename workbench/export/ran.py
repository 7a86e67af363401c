"""What was run with just these templates, so that an export can be held against it."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.records import Experiment, Variant


@dataclass(frozen=True)
class Ran:
    """Prompt texts of a run, and the inputs that filled their parameters."""

    prompts: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cases:
    """Finished runs of the exported prompts, and where their answers are kept."""

    experiment: Experiment
    """Of the one variant, with its documents' texts."""
    store: Path
    """The call store's file."""

    @property
    def variant(self) -> Variant:
        """What was run."""
        return self.experiment.variants[0]


def what_ran(experiment: Experiment | None, variant: Variant) -> Ran:
    """The prompts of this variant's run in the experiment; empty when it did not run, or with other templates."""
    if experiment is None or not any(_same(own, variant) for own in experiment.variants):
        return Ran()
    texts = {**experiment.inputs, **variant.inputs}
    inputs = {name: value for name, value in texts.items() if isinstance(value, str)}
    for run in experiment.runs:
        if run.variant == variant.label and run.prompts:
            return Ran(dict(run.prompts), inputs)
    return Ran()


def cases_of(experiment: Experiment | None, variant: Variant, store: Path) -> Cases | None:
    """The finished runs of this variant; None when there are none, or they had other templates.

    Args:
        experiment: With its documents' texts; runs on a document without text are left out.
        variant: What is exported.
        store: The call store's file.
    """
    if experiment is None:
        return None
    found = next((own for own in experiment.variants if _same(own, variant)), None)
    readable = {document.sha256 for document in experiment.documents if document.page_texts}
    runs = tuple(
        run
        for run in experiment.runs
        if found and run.variant == found.label and run.status == "done" and run.document in readable
    )
    if not found or not runs:
        return None
    judged = {run.document for run in runs}
    documents = tuple(document for document in experiment.documents if document.sha256 in judged)
    return Cases(replace(experiment, variants=(found,), documents=documents, runs=runs), store)


def _same(left: Variant, right: Variant) -> bool:
    sides = [(own.label, own.base, dict(own.templates), dict(own.prompts_from)) for own in (left, right)]
    return sides[0] == sides[1]
