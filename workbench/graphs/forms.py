"""The forms in which a dataflow can have its prompts: as inputs, in its own module, or in the module of a version."""

import inspect
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, Literal, get_args
from uuid import uuid4

from hamilton import driver, graph_utils

from dataflows import Dataflow
from workbench.graphs import graph
from workbench.prompts.versions import load_module
from workbench.records import Version

Form = Literal["inputs", "one module", "version"]
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True)
class NodeFacts:
    """What a person may want to know of a node."""

    name: str
    type: str
    doc: str
    module: str
    source: str
    """The function's code; empty for an input."""
    line: int
    """Where it begins in its file, from 1; 0 for an input."""
    needs: tuple[str, ...]


def driver_of(
    dataflow: Dataflow, form: Form, version: Version, config: Mapping[str, Any], typed: Collection[str] = ()
) -> driver.Driver:
    """The dataflow with its prompts as inputs, in one module with everything else, or where the version has them.

    Args:
        dataflow: What to build.
        form: Where its prompts are.
        version: Whose prompts.
        config: Hamilton's.
        typed: Prompts that are inputs whatever the form, since somebody typed them.

    Raises:
        VersionError, DataflowError: It can't be built.
    """
    # A value in the config takes the place of the function of its name, as an input.
    config = {**config, **dict.fromkeys(typed, "")}
    if form == "inputs":
        return graph.build(dataflow, None, {**config, **dict.fromkeys(version.prompts, "")})
    module = load_module(version)
    if form == "version" or module is None or version.origin == "store":
        return graph.build_version(dataflow, version, config)
    whole = _one_module([*graph.modules_of(dataflow), module])
    sys.modules[whole.__name__] = whole  # Hamilton looks a function's module up there while it builds
    try:
        return driver.Builder().with_modules(whole).with_config(dict(config)).build()
    finally:
        del sys.modules[whole.__name__]


def facts_of(built: driver.Driver, name: str) -> NodeFacts | None:
    """The facts of a node; None when the graph has no such node."""
    node = built.graph.nodes.get(name)
    if node is None:
        return None
    functions = node.originating_functions or ()
    if node.user_defined or not functions:
        return NodeFacts(name, _type_name(node.type), "An input of the dataflow.", "", "", 0, ())
    function = functions[0]
    lines, line = inspect.getsourcelines(function)
    return NodeFacts(
        name=name,
        type=_type_name(node.type),
        doc=inspect.getdoc(function) or "",
        module=inspect.getsourcefile(function) or "",
        source="".join(lines),
        line=line,
        needs=tuple(sorted(needed.name for needed in node.dependencies)),
    )


def reached_by(built: driver.Driver, name: str) -> list[str]:
    """The node and everything downstream of it, in the order of the chain."""
    if name not in built.graph.nodes:
        return []
    found = {name, *(node.name for node in built.what_is_downstream_of(name))}
    return sorted(found, key=lambda own: (-len(list(built.what_is_downstream_of(own))), own))


def _one_module(parts: Sequence[ModuleType]) -> ModuleType:
    """A module with copies of all their nodes, under the names they have there.

    Not under the functions' own names: Hamilton changes those of @config.when when it builds a driver, so that two
    alternatives of a node may come to bear the same.
    """
    whole = ModuleType(f"one_module_{uuid4().hex}")
    for part in parts:
        for name, function in graph_utils.find_functions(part):
            copy = FunctionType(function.__code__, function.__globals__, name, function.__defaults__)
            copy.__dict__.update(function.__dict__)
            copy.__annotations__ = function.__annotations__
            copy.__kwdefaults__ = function.__kwdefaults__
            copy.__doc__ = function.__doc__
            copy.__module__ = whole.__name__
            setattr(whole, name, copy)
    return whole


def _type_name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not getattr(kind, "__args__", None) else str(kind)
