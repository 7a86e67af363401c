"""Tells what prompts a module gives before and after a variant was added, config by config; in a process of its own.

In: "paths" (before, after), "root", "modules" (of the dataflow, without the module itself), "names", "inputs" and
"configs". Out: "values": for each path, for each config, name -> text in hex, or null where Hamilton has no such node.
"""

import importlib
from typing import Any

from workbench.export.fresh_process import hexed, module_at, unhexed


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What each module gives under each config.

    Raises:
        Exception: Whatever the modules raise.
    """
    paths = enumerate(request["paths"])
    return {"values": [[_values(request, index, path, own) for own in request["configs"]] for index, path in paths]}


def _values(request: dict[str, Any], index: int, path: str, config: dict[str, str]) -> dict[str, str | None]:
    from hamilton import driver  # Slow, and its own settings have to be in the environment by now.

    modules = [importlib.import_module(name) for name in request["modules"]]
    # Hamilton renames functions of @config.when while it builds, so every driver gets a module of its own.
    own = module_at(f"prompts_{index}_{'_'.join(config.values()) or 'default'}", path)
    built = driver.Builder().with_modules(*modules, own).with_config(config).allow_module_overrides().build()
    nodes = built.graph.nodes
    known = [name for name in request["names"] if name in nodes and not nodes[name].user_defined]
    values = built.execute(known, inputs={name: unhexed(value) for name, value in request["inputs"].items()})
    return {name: hexed(str(values[name])) if name in known else None for name in request["names"]}
