"""A process of its own that runs nodes of one module in one config and tells what texts they gave.

In: JSON with "path", "root", "nodes", "config" and "inputs". Out: JSON with "values", or with "error", a sentence's
end. Texts travel as UTF-8 with surrogates, in hex: JSON would make one character of two lone surrogates.
"""

import importlib.util
import json
import os
import sys
from types import ModuleType
from typing import Any

_LONGEST_ERROR = 300
_MOST_CHARACTERS = 5_000_000


def main() -> None:
    """Answer one request on stdin with one line on stdout; what the module prints goes to stderr."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    request = json.load(sys.stdin)
    answer: dict[str, Any]
    try:
        answer = {"values": _values(request)}
    except Exception as error:  # noqa: BLE001 - a module may raise anything, and the parent must hear of it
        answer = {"error": f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]}
    json.dump(answer, out)
    out.close()


def _values(request: dict[str, Any]) -> dict[str, str]:
    """Name of each node -> its text in hex."""
    sys.path.insert(0, request["root"])
    from hamilton import driver  # Slow, and its own settings have to be in the environment by now.

    nodes = request["nodes"]
    built = driver.Builder().with_modules(_module(request["path"])).with_config(request["config"]).build()
    known = {variable.name for variable in built.list_available_variables()}
    if missing := [name for name in nodes if name not in known]:
        raise LookupError(f"the config {request['config']} has no node {missing[0]}")
    inputs = {name: bytes.fromhex(value).decode("utf-8", "surrogatepass") for name, value in request["inputs"].items()}
    values = built.execute(nodes, inputs={name: value for name, value in inputs.items() if name in known})
    for name, value in values.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} gave {type(value).__name__}, not text")
        if len(value) > _MOST_CHARACTERS:
            raise ValueError(f"{name} gave {len(value)} characters; at most {_MOST_CHARACTERS} are taken")
    return {name: value.encode("utf-8", "surrogatepass").hex() for name, value in values.items()}


def _module(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("opened_prompts", path)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python module")
    module = importlib.util.module_from_spec(spec)
    # Hamilton looks for a function's module by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
