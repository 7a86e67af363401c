"""What can be settled about an experiment before any node runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hamilton import driver

from dataflows import Dataflow
from dataflows.templates import fill_some
from workbench.errors import InputError, PromptError, VersionError, WorkbenchError
from workbench.graphs import graph
from workbench.graphs.inputs import model_settings
from workbench.graphs.sharing import shared_frontier
from workbench.prompts.slot_check import refuse_bad_template
from workbench.prompts.versions import load_module
from workbench.records import Experiment, Variant, Version


@dataclass(frozen=True)
class PreparedVariant:
    """A variant that is ready to run."""

    variant: Variant
    module: Any
    driver: driver.Driver
    """Only looked at; each run builds its own."""
    values: Mapping[str, Any]
    """Node name -> value, inputs and drafts alike; without document and model."""


@dataclass(frozen=True)
class PreparedExperiment:
    """What all runs of an experiment have in common."""

    dataflow: Dataflow
    config: Mapping[str, Any]
    output: str
    prompts: tuple[str, ...]
    ready: Mapping[str, PreparedVariant]
    """Variant label -> what to run."""
    refused: Mapping[str, WorkbenchError]
    """Variant label -> why it can't run; no call is made for it."""
    frontier: tuple[str, ...]
    """The shared nodes whose values are handed to every variant."""


def prepare(experiment: Experiment, versions: Mapping[str, Version]) -> PreparedExperiment:
    """Build every variant's driver, check its templates, and find what the variants share.

    Raises:
        InputError: A value is given for a node that no variant has.
        DataflowError: The dataflow itself can't be built.
    """
    dataflow = graph.dataflow_named(experiment.dataflow)
    config, defaults = model_settings(dataflow, experiment.model)
    bare = graph.build(dataflow, None, config)
    output = graph.output_name(bare)
    ready: dict[str, PreparedVariant] = {}
    refused: dict[str, WorkbenchError] = {}
    for variant in experiment.variants:
        try:
            values = {**defaults, **experiment.inputs, **variant.inputs}
            ready[variant.label] = _prepare_variant(dataflow, config, variant, versions, values)
        except WorkbenchError as error:
            refused[variant.label] = error
    drivers = [prepared.driver for prepared in ready.values()] or [bare]
    given = [*experiment.inputs, *(name for own in experiment.variants for name in own.inputs)]
    # A refused variant keeps its parameters: a value for one of them must not take the other variants along.
    refused_bases = [versions[own.base] for own in experiment.variants if own.label in refused and own.base in versions]
    excused = {own.name for base in refused_bases for prompt in base.prompts.values() for own in prompt.parameters}
    graph.refuse_unknown([name for name in given if name not in excused], drivers)
    prompts = tuple(graph.prompt_names(bare))
    frontier = shared_frontier(
        drivers,
        [prepared.values for prepared in ready.values()] or [{}],
        output,
        apart=[*prompts, *graph.model_inputs(bare)],
    )
    return PreparedExperiment(dataflow, config, output, prompts, ready, refused, tuple(frontier))


def _prepare_variant(
    dataflow: Dataflow,
    config: Mapping[str, Any],
    variant: Variant,
    versions: Mapping[str, Version],
    values: Mapping[str, Any],
) -> PreparedVariant:
    if variant.base not in versions:
        raise VersionError(f"There is no version {variant.base}.", f"Use one of: {', '.join(versions) or 'none yet'}.")
    version = versions[variant.base]
    module = load_module(version)
    built = graph.build(dataflow, module, config)
    names = graph.prompt_names(built)
    for name in variant.templates:
        if name not in names:
            raise PromptError(f"The dataflow has no prompt {name!r}.", f"It has: {', '.join(names)}.")
    slots = graph.slots_of(dataflow)
    overrides = {}
    for name in names:
        prompt = version.prompts.get(name)
        parameters = {own.name: values.get(own.name, own.default) for own in prompt.parameters} if prompt else {}
        if name in variant.templates:
            template = variant.templates[name]
            refuse_bad_template(name, template, slots.get(name, {}), parameters)
            _refuse_bad_parameters(name, parameters)
            overrides[name] = fill_some(template, {own: str(value) for own, value in parameters.items()})
        elif prompt and not prompt.reason:
            refuse_bad_template(name, prompt.template, slots.get(name, {}), parameters)
            _refuse_bad_parameters(name, parameters)
        elif built.graph.nodes[name].user_defined and name not in values:
            raise VersionError(f"{variant.base} has no {name}.", f"Add a function {name} to its module.")
    return PreparedVariant(variant, module, built, {**values, **overrides})


def _refuse_bad_parameters(prompt: str, parameters: Mapping[str, Any]) -> None:
    """A parameter needs a value; a version's f-string would read a brace in it as template text, so it has none."""
    for name, value in parameters.items():
        if value is None:
            raise InputError(f"{prompt} has no value for its parameter {name}.", f"Give a value for {name}.")
        if "{" in str(value) or "}" in str(value):
            raise InputError(f"{name} of {prompt} is {str(value)[:60]!r}; braces are not allowed in a parameter.")
