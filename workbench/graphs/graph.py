"""A dataflow as Hamilton sees it: its modules, driver, prompts and output."""

import difflib
import logging
from collections.abc import Collection, Mapping, Sequence
from types import ModuleType
from typing import Any

from hamilton import driver, graph_utils
from hamilton.function_modifiers import base as modifiers

from dataflows import Dataflow
from dataflows.templates import Slot
from workbench import project, project_code
from workbench.errors import DataflowError, InputError, UsageError
from workbench.graphs.default_config import default_config
from workbench.graphs.drivers import driver_of
from workbench.graphs.model_types import is_model_type
from workbench.prompts.finding import FoundPrompt, calling_nodes, find_prompts
from workbench.prompts.versions import load_module
from workbench.records import Version

# When a node raises, Hamilton logs the node's inputs, which hold the document. The error itself reaches us anyway.
logging.getLogger("hamilton").setLevel(logging.CRITICAL + 1)

PROMPT_SUFFIX = "_prompt"
_OUTPUT_HINT = 'Tag one node role="output", or name it as the output in workbench.toml.'


def dataflow_named(name: str) -> Dataflow:
    """The dataflow of the opened project; UsageError names the known ones."""
    known = project.dataflows()
    if name not in known:
        raise UsageError(f"There is no dataflow {name!r}.", f"Use one of: {', '.join(sorted(known)) or 'none yet'}.")
    return known[name]


def modules_of(dataflow: Dataflow) -> list[ModuleType]:
    """Its Hamilton modules, made from the code that is on disk now; the very same ones until that code changes.

    Raises:
        DataflowError: One can't be imported.
    """
    return project_code.load(dataflow.modules)


def prompts_of(built: driver.Driver, dataflow: Dataflow) -> dict[str, FoundPrompt]:
    """Name -> what was found of it, for every prompt of a built dataflow, in the order of the chain."""
    return find_prompts(built, also=dataflow.also_prompts, never=dataflow.never_prompts)


def slots_of(dataflow: Dataflow) -> dict[str, dict[str, Slot]]:
    """Prompt name -> slot name -> what the dataflow fills there."""
    return {name: dict(found.slots) for name, found in prompts_of(build(dataflow, None, {}), dataflow).items()}


def config_keys(modules: Sequence[ModuleType]) -> set[str]:
    """The config keys that decide which nodes the modules have (@config.when and its kin)."""
    keys: set[str] = set()
    for module in modules:
        for _, function in graph_utils.find_functions(module):
            for resolver in getattr(function, modifiers.NodeResolver.get_lifecycle_name(), []):
                keys.update(resolver.required_config() or [])
                keys.update(resolver.optional_config() or {})
    return keys


def build(
    dataflow: Dataflow,
    prompt_module: ModuleType | None,
    config: Mapping[str, Any],
    modules: Sequence[ModuleType] | None = None,
) -> driver.Driver:
    """A driver of the dataflow with the prompts of one module (None: prompts are its own, or stay inputs).

    The same one for the same code, prompts and config, so it is only looked at; execute gives each run its own.

    Args:
        dataflow: What to build.
        prompt_module: A version's module, from load_module.
        config: Chooses between nodes (@config.when and its kin); it wins over the dataflow's.
        modules: The dataflow's modules as modules_of gave them before; None takes the code that is on disk now.

    Raises:
        DataflowError: The modules don't fit together.
    """
    own = modules_of(dataflow) if modules is None else modules
    all_modules = [*own, *([prompt_module] if prompt_module else [])]
    chosen = {**default_config(own), **dataflow.config, **config}
    try:
        return driver_of(all_modules, chosen)
    except Exception as error:
        name = prompt_module.__file__ if prompt_module else ", ".join(dataflow.modules)
        raise DataflowError(f"Hamilton can't build the dataflow with {name}: {plain(error)}") from error


def build_version(
    dataflow: Dataflow, version: Version, config: Mapping[str, Any], modules: Sequence[ModuleType] | None = None
) -> driver.Driver:
    """A driver of the dataflow with a version's prompts, see build.

    Raises:
        VersionError: The version can't be loaded.
        DataflowError: The modules don't fit together.
    """
    return build(dataflow, load_module(version), {**config, **version.config}, modules=modules)


def prompt_names(built: driver.Driver, dataflow: Dataflow) -> list[str]:
    """The prompts, in the order of the chain."""
    return list(prompts_of(built, dataflow))


def output_name(built: driver.Driver, dataflow: Dataflow) -> str:
    """The node a run returns: the one the dataflow names, the one tagged role="output", or the only last one.

    Raises:
        DataflowError: It can't be told.
    """
    nodes = built.graph.nodes
    if dataflow.output:
        if dataflow.output not in nodes:
            raise DataflowError(f"The dataflow has no node {dataflow.output}, which it is to return.", _OUTPUT_HINT)
        return dataflow.output
    tagged = [node.name for node in nodes.values() if node.tags.get("role") == "output"]
    last = [node.name for node in nodes.values() if not node.user_defined and not node.depended_on_by]
    found = tagged or last
    if len(found) != 1:
        what = 'tagged role="output"' if tagged else "that nothing needs"
        shown = ", ".join(sorted(found)[:8]) or "none"
        raise DataflowError(f"A dataflow needs one node {what}; found: {shown}.", _OUTPUT_HINT)
    return str(found[0])


def model_inputs(built: driver.Driver) -> list[str]:
    """Names of the inputs that take a model, see model_types."""
    return [node.name for node in built.graph.nodes.values() if node.user_defined and is_model_type(node.type)]


def asks_by_itself(built: driver.Driver) -> bool:
    """Whether the dataflow has clients of its own, and does not only ask the model it is given."""
    return bool(calling_nodes(built)) and not model_inputs(built)


def bind(built: driver.Driver, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values as Hamilton's (inputs, overrides): it silently ignores a computed node among the inputs.

    Names the graph does not know are left out; check them with `refuse_unknown` over all graphs of the experiment.
    """
    inputs: dict[str, Any] = {}
    overrides: dict[str, Any] = {}
    for name, value in values.items():
        if (node := built.graph.nodes.get(name)) is not None:
            (inputs if node.user_defined else overrides)[name] = value
    return inputs, overrides


def refuse_unknown(names: Collection[str], graphs: Sequence[driver.Driver]) -> None:
    """InputError when a name is a node of none of the graphs."""
    known = set().union(*(built.graph.nodes for built in graphs))
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known inputs: {', '.join(sorted(known))}."
            raise InputError(f"The dataflow has no node {name!r}.", hint)


def plain(error: BaseException) -> str:
    """An error of Hamilton or of a node as one short line, without Hamilton's call for help."""
    lines = [line.strip() for line in str(error).split("---")[0].splitlines() if line.strip()]
    return " ".join(lines)[:500] or type(error).__name__
