"""What can be settled about an experiment before any node runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from hamilton import driver

from dataflows import Dataflow, templates
from workbench import project_code, settings
from workbench.documents.reading import kept_file
from workbench.documents.values import document_value
from workbench.errors import InputError, PromptError, VersionError, WorkbenchError
from workbench.graphs import graph
from workbench.graphs.inputs import inputs_of, model_settings
from workbench.graphs.rendering import rendered_prompts
from workbench.graphs.sharing import shared_frontier
from workbench.project_files import one_state
from workbench.prompts.finding import calling_nodes
from workbench.prompts.plain_text import fill_plain
from workbench.prompts.slot_check import refuse_bad_template
from workbench.prompts.stored import loader_inputs
from workbench.prompts.versions import load_module
from workbench.records import Document, Experiment, Variant, Version


@dataclass(frozen=True)
class PreparedVariant:
    """A variant that is ready to run."""

    variant: Variant
    module: ModuleType | None
    """Of its version; None where the dataflow's own modules hold the prompts."""
    config: Mapping[str, Any]
    driver: driver.Driver
    """Only looked at; each run builds its own."""
    values: Mapping[str, Any]
    """Node name -> value, inputs and drafts alike; without document and model."""
    prompts: tuple[str, ...]
    """Those that its output needs."""


@dataclass(frozen=True)
class PreparedExperiment:
    """What all runs of an experiment have in common."""

    dataflow: Dataflow
    output: str
    prompts: tuple[str, ...]
    ready: Mapping[str, PreparedVariant]
    """Variant label -> what to run."""
    refused: Mapping[str, WorkbenchError]
    """Variant label -> why it can't run; no call is made for it."""
    modules: Sequence[ModuleType]
    """Of the dataflow, as they were on disk; every run of the experiment uses these."""
    frontier: tuple[str, ...]
    """The shared nodes whose values are handed to every variant."""

    def document_value(self, built: driver.Driver, document: Document) -> dict[str, Any]:
        """What the dataflow gets of a document, by node name; nothing when it reads none.

        Raises:
            InputError: A document of this kind can't be what the node takes.
        """
        name = self.dataflow.document
        node = built.graph.nodes.get(name)
        return {name: document_value(document, node.type, kept_file(document.sha256, settings.home()))} if node else {}


@one_state()
def prepare(experiment: Experiment, versions: Mapping[str, Version]) -> PreparedExperiment:
    """Build every variant's driver, check its templates, and find what the variants share.

    Raises:
        InputError: A value is given for a node that no variant has.
        DataflowError: The dataflow itself can't be built.
    """
    dataflow = graph.dataflow_named(experiment.dataflow)
    config, defaults = model_settings(dataflow, experiment.model)
    modules = graph.modules_of(dataflow)
    defaults = {**dataflow.inputs, **defaults}
    bare = graph.build(dataflow, None, config, modules=modules)
    output = graph.output_name(bare, dataflow)
    ready: dict[str, PreparedVariant] = {}
    refused: dict[str, WorkbenchError] = {}
    for variant in experiment.variants:
        try:
            values = {**defaults, **experiment.inputs, **variant.inputs}
            ready[variant.label] = _prepare_variant(dataflow, modules, config, output, variant, versions, values)
        except WorkbenchError as error:
            refused[variant.label] = error
    drivers = [prepared.driver for prepared in ready.values()] or [bare]
    given = [*experiment.inputs, *(name for own in experiment.variants for name in own.inputs)]
    graph.refuse_unknown([name for name in given if name not in _parameters(experiment, versions)], drivers)
    prompts = tuple(dict.fromkeys(name for built in drivers for name in graph.prompt_names(built, dataflow)))
    frontier = shared_frontier(
        drivers,
        [prepared.values for prepared in ready.values()] or [{}],
        output,
        apart=[*prompts, *graph.model_inputs(bare), *calling_nodes(bare)],
    )
    return PreparedExperiment(dataflow, output, prompts, ready, refused, modules, tuple(frontier))


def sources(experiment: Experiment) -> list[str]:
    """Labels of the versions whose prompts take part."""
    labels = (label for variant in experiment.variants for label in [variant.base, *variant.prompts_from.values()])
    return list(dict.fromkeys(labels))


def _parameters(experiment: Experiment, versions: Mapping[str, Version]) -> set[str]:
    """Parameters of all versions that take part: a value for one that only a refused variant has is no mistake."""
    known = [versions[label] for label in sources(experiment) if label in versions]
    return {own.name for version in known for prompt in version.prompts.values() for own in prompt.parameters}


def _prepare_variant(
    dataflow: Dataflow,
    modules: Sequence[ModuleType],
    config: Mapping[str, Any],
    output: str,
    variant: Variant,
    versions: Mapping[str, Version],
    values: Mapping[str, Any],
) -> PreparedVariant:
    _refuse_unknown_versions([variant.base, *variant.prompts_from.values()], versions)
    base = versions[variant.base]
    module = load_module(base)
    chosen = {**config, **base.config}
    built = graph.build(dataflow, module, chosen, modules=modules)
    found = graph.prompts_of(built, dataflow)
    names = list(found)
    for name in [*variant.templates, *variant.prompts_from]:
        if name not in names:
            raise PromptError(f"The dataflow has no prompt {name!r}.", f"It has: {', '.join(names)}.")
    needed, inputs = built.graph.get_upstream_nodes([output])
    asked = {node.name for node in (*needed, *inputs)}
    overrides: dict[str, Any] = loader_inputs(base)
    for name in names:
        version = versions[variant.prompts_from.get(name, variant.base)]
        prompt = version.prompts.get(name)
        parameters = {own.name: values.get(own.name, own.default) for own in prompt.parameters} if prompt else {}
        borrowed = version.label != variant.base
        template = variant.templates.get(name)
        if template is None and prompt and not prompt.reason:
            template = prompt.template
        if template is not None:
            plain = found[name].filling != "format" or bool(prompt and prompt.plain)
            refuse_bad_template(name, template, found[name].slots, parameters, plain=plain)
            _refuse_bad_parameters(name, parameters)
            if borrowed or name in variant.templates:
                texts = {own: str(value) for own, value in parameters.items()}
                overrides[name] = fill_plain(template, texts) if plain else _fill_some(template, texts)
        elif prompt and borrowed:
            overrides[name] = rendered_prompts(dataflow, version, values)[name]
        elif not prompt and name not in values and name in asked and (borrowed or _lacks(built, name)):
            raise VersionError(f"{version.label} has no {name}.", f"Add a function {name} to its module.")
    _refuse_missing(built, output, dataflow.document, {**values, **overrides})
    used = tuple(name for name in names if name in asked)
    return PreparedVariant(variant, module, chosen, built, {**values, **overrides}, used)


def _refuse_missing(built: driver.Driver, output: str, document: str, values: Mapping[str, Any]) -> None:
    cut = [name for name in (document, *values) if name in built.graph.nodes]
    for spec in inputs_of(built, output, cut):
        if spec.required:
            users = ", ".join(spec.used_by)
            raise InputError(f"{spec.name} has no value, and {users} asks for it.", f"Give {spec.name} a value.")


def _lacks(built: driver.Driver, name: str) -> bool:
    """Whether it is an input that has to be given."""
    node = built.graph.nodes[name]
    return bool(node.user_defined) and any(user.requires(name) for user in node.depended_on_by)


def _fill_some(template: str, texts: Mapping[str, str]) -> str:
    """In the grammar as it is on disk; an import would be the one that this process began with."""
    own = project_code.load(["dataflows.templates"])[0] if settings.is_own_project() else templates
    filled: str = own.fill_some(template, texts)
    return filled


def _refuse_unknown_versions(labels: Iterable[str], versions: Mapping[str, Version]) -> None:
    for label in labels:
        if label not in versions:
            known = ", ".join(versions) or "none yet"
            raise VersionError(f"There is no version {label}.", f"Use one of: {known}.")


def _refuse_bad_parameters(prompt: str, parameters: Mapping[str, Any]) -> None:
    """A parameter needs a value; a version's f-string would read a brace in it as template text, so it has none."""
    for name, value in parameters.items():
        if value is None:
            raise InputError(f"{prompt} has no value for its parameter {name}.", f"Give a value for {name}.")
        if "{" in str(value) or "}" in str(value):
            raise InputError(f"{name} of {prompt} is {str(value)[:60]!r}; braces are not allowed in a parameter.")
