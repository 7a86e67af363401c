"""A process of its own that runs the prompts of one module and tells what they gave.

In: JSON with "path", "root", "dataflow_modules", "names" and "inputs". Out: JSON with "values", or with "error", a
sentence's end. Texts travel as UTF-8 with surrogates, in hex: JSON would make one character of two lone surrogates.
"""

import importlib
import importlib.util
import json
import os
import sys
from types import ModuleType
from typing import Any

_LONGEST_ERROR = 300


def main() -> None:
    """Answer one request on stdin with one line on stdout; what imported modules print goes to stderr."""
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
    """Name of each prompt -> its value in hex."""
    sys.path.insert(0, request["root"])
    from hamilton import driver  # Slow, and its own settings have to be in the environment by now.

    modules = [importlib.import_module(name) for name in request["dataflow_modules"]]
    built = driver.Builder().with_modules(*modules, _module(request["path"])).build()
    known = {variable.name for variable in built.list_available_variables()}
    if missing := sorted(set(request["names"]) - known):
        raise LookupError(f"the module has no prompt {missing[0]}")
    inputs = {name: bytes.fromhex(value).decode("utf-8", "surrogatepass") for name, value in request["inputs"].items()}
    values = built.execute(request["names"], inputs=inputs)
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise TypeError(f"{wrong[0]} gave {type(values[wrong[0]]).__name__}, not text")
    return {name: value.encode("utf-8", "surrogatepass").hex() for name, value in values.items()}


def _module(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("exported_prompts", path)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python module")
    module = importlib.util.module_from_spec(spec)
    # Hamilton looks for a function's module by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
