"""Which Hamilton config a dataflow is built with where nobody has chosen."""

import linecache
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any

from workbench.errors import VersionError
from workbench.prompts.conditions import NodeFunction, node_functions
from workbench.prompts.reader import module_tree


def default_config(modules: Sequence[ModuleType]) -> dict[str, Any]:
    """The first alternative of each node that has none without config, so that a dataflow opens with nothing chosen.

    Where a node has an alternative for no config, or none that can be told without running it, nothing is chosen.
    Prompts are left out: their alternatives are versions.
    """
    config: dict[str, Any] = {}
    for module in modules:
        for functions in alternatives(module).values():
            if functions[0].is_prompt or any(function.unreadable for function in functions):
                continue
            if not any(_holds(function, {}) for function in functions) and (first := functions[0].smallest_config()):
                config = {**first, **config}
    return config


def alternatives(module: ModuleType) -> Mapping[str, tuple[NodeFunction, ...]]:
    """Node name -> the functions it has under @config.when and its kin, in the order they stand."""
    return _alternatives("".join(linecache.getlines(module.__file__ or "")))


def _holds(function: NodeFunction, config: Mapping[str, Any]) -> bool:
    return all(condition.holds(config) for condition in function.conditions)


@lru_cache(maxsize=128)
def _alternatives(source: str) -> Mapping[str, tuple[NodeFunction, ...]]:
    try:
        functions = node_functions(module_tree(source))
    except VersionError:
        return {}
    nodes: dict[str, list[NodeFunction]] = {}
    for function in functions:
        if function.conditions or function.unreadable:
            nodes.setdefault(function.node, []).append(function)
    return {name: tuple(own) for name, own in nodes.items()}
