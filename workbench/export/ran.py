"""What was run with just these templates, so that an export can be held against it."""

from dataclasses import dataclass, field

from workbench.records import Experiment, Variant


@dataclass(frozen=True)
class Ran:
    """Prompt texts of a run, and the inputs that filled their parameters."""

    prompts: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)


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


def _same(left: Variant, right: Variant) -> bool:
    sides = [(own.label, own.base, dict(own.templates), dict(own.prompts_from)) for own in (left, right)]
    return sides[0] == sides[1]
