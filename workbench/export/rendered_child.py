"""Runs nodes of one module in one config and tells what texts they gave; in a process of its own.

In: "path", "root", "nodes", "config" and "inputs". Out: "values". Texts travel in hex, see fresh_process.
"""

from typing import Any

from workbench.export.fresh_process import hexed, module_at, unhexed

_MOST_CHARACTERS = 5_000_000


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Name of each node -> its text.

    Raises:
        Exception: Whatever the module raises; LookupError, ValueError and TypeError where a node gives no such text.
    """
    from hamilton import driver  # Slow, and its own settings have to be in the environment by now.

    nodes = request["nodes"]
    own = module_at("opened_prompts", request["path"])
    built = driver.Builder().with_modules(own).with_config(request["config"]).build()
    known = {variable.name for variable in built.list_available_variables()}
    if missing := [name for name in nodes if name not in known]:
        raise LookupError(f"the config {request['config']} has no node {missing[0]}")
    inputs = {name: unhexed(value) for name, value in request["inputs"].items() if name in known}
    values = built.execute(nodes, inputs=inputs)
    for name, value in values.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} gave {type(value).__name__}, not text")
        if len(value) > _MOST_CHARACTERS:
            raise ValueError(f"{name} gave {len(value)} characters; at most {_MOST_CHARACTERS} are taken")
    return {"values": {name: hexed(value) for name, value in values.items()}}
