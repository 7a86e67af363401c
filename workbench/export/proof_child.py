"""Runs the prompts of one module with their dataflow and tells what they gave; in a process of its own.

In: "path", "root", "dataflow_modules", "config", "names", "inputs" and perhaps "cases". Out: "values", "nodes" and,
when asked, "cases". Texts travel in hex, see fresh_process.
"""

import importlib
from typing import Any

from workbench.export.fresh_process import hexed, module_at, unhexed


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What came of it, as plain JSON.

    Raises:
        Exception: Whatever the modules raise; LookupError, ValueError and TypeError where the module is no good.
    """
    from hamilton import driver  # Slow, and its own settings have to be in the environment by now.

    modules = [importlib.import_module(name) for name in request["dataflow_modules"]]
    config = request["config"]
    bare = driver.Builder().with_modules(*modules).with_config(config).build()
    own = module_at("exported_prompts", request["path"])
    built = driver.Builder().with_modules(*modules, own).with_config(config).allow_module_overrides().build()
    names = request["names"]
    if missing := sorted(set(names) - set(built.graph.nodes)):
        raise LookupError(f"the module has no prompt {missing[0]}")
    before, after = (_shape(graph, names) for graph in (bare.graph, built.graph))
    if different := sorted(name for name in {*before, *after} if before.get(name) != after.get(name)):
        raise ValueError(f"the dataflow's node {different[0]} is another one with this module")
    inputs = {name: unhexed(value) for name, value in request["inputs"].items()}
    values = built.execute(names, inputs=inputs)
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise TypeError(f"{wrong[0]} gave {type(values[wrong[0]]).__name__}, not text")
    found = {"values": {name: hexed(value) for name, value in values.items()}, "nodes": len(after)}
    return found | ({"cases": _cases(request["path"], request["cases"])} if "cases" in request else {})


def _shape(graph: Any, prompts: list[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name -> type and inputs of every node that is computed, the prompts apart."""
    return {
        node.name: (str(node.type), tuple(sorted(node.input_types)))
        for node in graph.nodes.values()
        if not node.user_defined and node.name not in prompts
    }


def _cases(path: str, asked: dict[str, str]) -> dict[str, Any]:
    """How many cases were run again, how many lack an answer, and which documents give another output."""
    from workbench.export.proof_cases import run_again

    return run_again(path, unhexed(asked["experiment"]), asked["store"])
