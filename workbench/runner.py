"""An experiment's work: shared nodes once per document, then every variant on its own."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hamilton import driver, lifecycle

from dataflows import Dataflow
from dataflows.model import Model
from dataflows.templates import fill_some
from workbench import graph
from workbench.errors import (
    InputError,
    PromptError,
    StopError,
    VersionError,
    WorkbenchError,
)
from workbench.inputs import model_settings
from workbench.lanes import Lane
from workbench.records import Document, Experiment, NodeTime, Variant, Version
from workbench.sharing import shared_frontier
from workbench.slot_check import refuse_bad_template
from workbench.versions import load_module


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


@dataclass(frozen=True)
class SharedNodes:
    """What was computed once for all variants of a document."""

    frontier: Mapping[str, Any]
    """Handed to every variant in place of the nodes."""
    values: Mapping[str, Any]
    """Every executed node's value, for people to look at."""
    times: tuple[NodeTime, ...]


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


def shared_nodes(built: driver.Driver) -> list[str]:
    """The nodes that neither a prompt nor the model reaches: the same for all variants."""
    reaching = [*graph.prompt_names(built), *graph.model_inputs(built)]
    reached = {node.name for node in built.what_is_downstream_of(*reaching)} if reaching else set()
    return sorted(name for name, node in built.graph.nodes.items() if not node.user_defined and name not in reached)


def run_shared(prepared: PreparedExperiment, document: Document) -> SharedNodes:
    """The shared nodes of one document, executed once.

    Raises:
        DataflowError: One of them failed.
    """
    if not prepared.ready or not prepared.frontier:
        return SharedNodes({}, {}, ())
    first = next(iter(prepared.ready.values()))
    times: list[NodeTime] = []
    seen: dict[str, Any] = {}

    def ended(name: str, seconds: float, value: Any) -> None:
        times.append(NodeTime(name, seconds, shared=True))
        seen[name] = value

    watch = _NodeWatch(on_end=ended)
    built = graph.build(prepared.dataflow, first.module, prepared.config, watch)
    inputs, overrides = graph.bind(built, {**first.values, **_document_value(prepared, document)})
    frontier = _execute(built, list(prepared.frontier), inputs, overrides, watch)
    return SharedNodes(frontier, seen, tuple(times))


def run_variant(
    prepared: PreparedExperiment,
    lane: Lane,
    shared: SharedNodes,
    model: Model,
) -> str:
    """The output of one variant; times and values go into the lane.

    Raises:
        WorkbenchError: A node failed; the message names it.
    """
    own = prepared.ready[lane.variant.label]
    lane.shared(shared.values, shared.times)
    watch = _NodeWatch(on_begin=lambda name: setattr(lane, "node", name), on_end=lane.node_ended)
    built = graph.build(prepared.dataflow, own.module, prepared.config, watch)
    models = dict.fromkeys(graph.model_inputs(built), model)
    values = {**own.values, **_document_value(prepared, lane.document), **shared.frontier, **models}
    inputs, overrides = graph.bind(built, values)
    try:
        output = _execute(built, [prepared.output, *prepared.prompts], inputs, overrides, watch)
    finally:
        texts = {**inputs, **overrides, **lane.values}
        lane.prompts = {name: texts[name] for name in prepared.prompts if name in texts}
    return str(output[prepared.output])


def _document_value(prepared: PreparedExperiment, document: Document) -> dict[str, Any]:
    return {prepared.dataflow.document: list(document.page_texts)}


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


class _NodeWatch(lifecycle.NodeExecutionHook):  # type: ignore[misc]
    """Times the nodes of one run and knows which one is being executed."""

    def __init__(self, on_end: Any, on_begin: Any = None) -> None:
        self._on_begin, self._on_end = on_begin, on_end
        self._started = 0.0
        self.node = ""

    def run_before_node_execution(self, *, node_name: str, **_: Any) -> None:
        self.node = node_name
        self._started = time.perf_counter()
        if self._on_begin:
            self._on_begin(node_name)

    def run_after_node_execution(self, *, node_name: str, result: Any, **_: Any) -> None:
        self._on_end(node_name, time.perf_counter() - self._started, result)


def _execute(
    built: driver.Driver, wanted: list[str], inputs: dict[str, Any], overrides: dict[str, Any], watch: _NodeWatch
) -> dict[str, Any]:
    try:
        return graph.execute(built, wanted, inputs, overrides)
    except StopError:
        raise
    except WorkbenchError as error:
        raise error.at(watch.node) from None
