"""The run that a case is made from, wherever it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pages.shared.experiments import last_experiment
from workbench.history.opening import OpenedRun
from workbench.records import Run


@dataclass(frozen=True)
class CaseSource:
    """A run that is done, with what it was made from."""

    dataflow: str
    run: Run
    document: str
    """What its document is kept under; empty: it read none, or nobody told which."""
    document_name: str
    inputs: Mapping[str, Any]
    """What was given to it; defaults are not among them."""

    @property
    def plain_inputs(self) -> dict[str, Any]:
        """Those that a case can hold."""
        return {name: value for name, value in self.inputs.items() if isinstance(value, (str, int, float))}

    @property
    def suggested_name(self) -> str:
        """ "street-trees, v3"."""
        return ", ".join(filter(None, (PurePath(self.document_name).stem, self.run.variant)))


def source_of_slot(slot: str, run: Run) -> CaseSource | None:
    """Of a run of what was run last in a slot; None when that is another experiment by now."""
    experiment = last_experiment(slot)
    variant = next((own for own in experiment.variants if own.label == run.variant), None) if experiment else None
    if experiment is None or variant is None:
        return None
    name = next((own.name for own in experiment.documents if own.sha256 == run.document), "")
    inputs = {**experiment.inputs, **variant.inputs}
    return CaseSource(experiment.dataflow, run, run.document, name if run.document else "", inputs)


def source_of_opened(opened: OpenedRun) -> CaseSource:
    """Of a run of the history."""
    row, experiment = opened.row, opened.experiment
    own = experiment.variants[0].inputs if experiment else {}
    inputs = {**(experiment.inputs if experiment else {}), **own}
    return CaseSource(row.dataflow, opened.run, row.document, row.document_name if row.document else "", inputs)
