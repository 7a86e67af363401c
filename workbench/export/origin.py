"""What an export says of its model and of where its prompts come from. Never keys, document texts or people's names."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any

from workbench.errors import WorkbenchError
from workbench.git.repository import Repository
from workbench.graphs import graph
from workbench.graphs.inputs import model_settings
from workbench.prompts.provenance import Provenance
from workbench.records import Experiment, Run, Variant


def pinned_model(experiment: Experiment, variant: Variant) -> dict[str, Any]:
    """The model these prompts were run with, in a form that a service can use.

    "config" is what a Hamilton driver is built with, "inputs" are values of the dataflow's inputs that are no texts:
    a text may be somebody's question.
    """
    choice = experiment.model
    config, suited = model_settings(graph.dataflow_named(experiment.dataflow), choice)
    inputs = {**suited, **experiment.inputs, **variant.inputs}
    sampling = {"temperature": choice.temperature, "seed": choice.seed}
    origins = {call.request.origin for run in runs_of(experiment, variant.label) for call in run.calls}
    return {
        "name": ", ".join(models_asked(experiment, [variant.label])),
        "origin": min(origins, default="local" if choice.endpoint == "local" else ""),
        **{name: value for name, value in sampling.items() if value is not None},
        "config": config,
        "inputs": {name: value for name, value in sorted(inputs.items()) if isinstance(value, bool | int | float)},
    }


def provenance_of(
    number: int, parent: str, repository: Repository | None, experiment: Experiment | None, labels: Sequence[str] = ()
) -> Provenance:
    """Where version `number` comes from.

    Args:
        number: Of the new version.
        parent: Label of the version it was edited from.
        repository: The project's; None outside of git.
        experiment: What it was judged on, if anything.
        labels: Variants of the experiment whose figures count, the new one's last.
    """
    sha, dirty = _state_of(repository)
    metrics = {label: metrics_of(runs_of(experiment, label)) for label in labels} if experiment else {}
    return Provenance(
        version=f"v{number}",
        parent=parent,
        date=datetime.now(UTC).date().isoformat(),
        git_sha=sha,
        git_dirty=dirty,
        models=models_asked(experiment, labels) if experiment else (),
        runs=len(runs_of(experiment, labels[-1])) if experiment and labels else 0,
        metrics={label: found for label, found in metrics.items() if found},
    )


def models_asked(experiment: Experiment, labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the models that answered: the chosen one, or those that the dataflow's own clients asked."""
    if experiment.model.endpoint != "code":
        return (experiment.model.name,)
    runs = [run for label in labels for run in runs_of(experiment, label)]
    return tuple(sorted({call.request.model for run in runs for call in run.calls}))


def runs_of(experiment: Experiment, label: str) -> list[Run]:
    """The finished runs of a variant."""
    return [run for run in experiment.runs if run.variant == label and run.status == "done"]


def metrics_of(runs: Sequence[Run]) -> Mapping[str, float]:
    """Medians over runs: what their calls took when they were made, reused or not; empty without runs.

    The cost is left out when a price is unknown.
    """
    if not runs:
        return {}
    answers = [[call.answer for call in run.calls if call.answer] for run in runs]
    costs = [[answer.cost_usd for answer in own] for own in answers]
    figures = {
        "runs": float(len(runs)),
        "calls": median(map(len, answers)),
        "seconds": round(median(sum(answer.seconds for answer in own) for own in answers), 3),
        "input_tokens": median(run.input_tokens for run in runs),
        "output_tokens": median(run.output_tokens for run in runs),
    }
    if all(None not in own for own in costs):
        figures["cost_usd"] = round(median(sum(cost for cost in own if cost is not None) for own in costs), 6)
    return figures


def _state_of(repository: Repository | None) -> tuple[str | None, bool]:
    if repository is None:
        return None, False
    try:
        return repository.head().sha, repository.is_dirty()
    except WorkbenchError:
        return None, False  # an empty repository has no commit to name
