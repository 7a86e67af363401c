"""A dataflow as Hamilton sees it: its modules, driver, prompts and output; and how to run it."""

import difflib
import logging
from collections.abc import Collection, Mapping, Sequence
from types import ModuleType
from typing import Any

from hamilton import driver, graph_utils
from hamilton.function_modifiers import base as modifiers
from hamilton.lifecycle import LifecycleAdapter

from dataflows import DATAFLOWS, Dataflow
from dataflows.errors import TemplateError
from dataflows.model import Model
from dataflows.templates import Slot
from workbench import project_code
from workbench.errors import DataflowError, InputError, PromptError, UsageError, WorkbenchError

# When a node raises, Hamilton logs the node's inputs, which hold the document. The error itself reaches us anyway.
logging.getLogger("hamilton").setLevel(logging.CRITICAL + 1)

PROMPT_SUFFIX = "_prompt"


def dataflow_named(name: str) -> Dataflow:
    """The registered dataflow; UsageError names the known ones."""
    if name not in DATAFLOWS:
        raise UsageError(f"There is no dataflow {name!r}.", f"Use one of: {', '.join(sorted(DATAFLOWS))}.")
    return DATAFLOWS[name]


def modules_of(dataflow: Dataflow) -> list[ModuleType]:
    """Its Hamilton modules, made from the code that is on disk now; the very same ones until that code changes.

    Raises:
        DataflowError: One can't be imported.
    """
    return project_code.load(dataflow.modules)


def slots_of(dataflow: Dataflow) -> dict[str, dict[str, Slot]]:
    """Prompt name -> slot name -> what the dataflow fills there."""
    slots: dict[str, dict[str, Slot]] = {}
    for module in modules_of(dataflow):
        slots.update(getattr(module, "SLOTS", {}))
    return slots


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
    *adapters: LifecycleAdapter,
    modules: Sequence[ModuleType] | None = None,
) -> driver.Driver:
    """A driver of the dataflow with the prompts of one module (None: prompts stay inputs).

    Takes under a millisecond, so every run gets a driver of its own.

    Args:
        dataflow: What to build.
        prompt_module: A version's module, from load_module.
        config: Chooses between nodes (@config.when and its kin).
        adapters: Hamilton's hooks.
        modules: The dataflow's modules as modules_of gave them before; None takes the code that is on disk now.

    Raises:
        DataflowError: The modules don't fit together.
    """
    own = modules_of(dataflow) if modules is None else modules
    all_modules = [*own, *([prompt_module] if prompt_module else [])]
    builder = driver.Builder().with_modules(*all_modules).with_config(dict(config)).allow_module_overrides()
    try:
        return builder.with_adapters(*adapters).build()
    except Exception as error:
        name = prompt_module.__file__ if prompt_module else ", ".join(dataflow.modules)
        raise DataflowError(f"Hamilton can't build the dataflow with {name}: {plain(error)}") from error


def prompt_names(built: driver.Driver) -> list[str]:
    """The prompts, in the order of the chain: nodes or inputs whose name ends in _prompt."""
    names = [name for name in built.graph.nodes if name.endswith(PROMPT_SUFFIX)]
    return sorted(names, key=lambda name: (-len(_downstream(built, name)), name))


def output_name(built: driver.Driver) -> str:
    """The node tagged role="output"; DataflowError unless there is exactly one."""
    names = [node.name for node in built.graph.nodes.values() if node.tags.get("role") == "output"]
    if len(names) != 1:
        found = ", ".join(names) or "none"
        raise DataflowError(f'A dataflow needs one node tagged role="output"; found: {found}.')
    return str(names[0])


def model_inputs(built: driver.Driver) -> list[str]:
    """Names of the inputs that take a Model."""
    return [
        node.name
        for node in built.graph.nodes.values()
        if node.user_defined and isinstance(node.type, type) and issubclass(node.type, Model)
    ]


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


def execute(
    built: driver.Driver, wanted: Sequence[str], inputs: Mapping[str, Any], overrides: Mapping[str, Any]
) -> dict[str, Any]:
    """Node name -> value, errors of nodes as WorkbenchError without the node's name.

    Raises:
        PromptError: A template could not be filled.
        DataflowError: A node raised something else.
        WorkbenchError: A node raised it.
    """
    try:
        found: dict[str, Any] = built.execute(list(wanted), inputs=dict(inputs), overrides=dict(overrides))
    except WorkbenchError:
        raise
    except TemplateError as error:
        raise PromptError(f"{error}.", "Change the prompt, then run again.") from error
    except Exception as error:
        raise DataflowError(plain(error)) from error
    return found


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


def _downstream(built: driver.Driver, name: str) -> set[str]:
    return {node.name for node in built.what_is_downstream_of(name)}
