"""A process of its own that tells what prompts a module gives before and after a variant was added, config by config.

In: JSON with "paths" (before, after), "root", "modules" (of the dataflow, without the module itself), "names", "inputs"
and "configs". Out: JSON with "values": for each path, for each config, name -> text in hex, or null where Hamilton has
no such node under that config; or with "error", a sentence's end.
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
        sys.path.insert(0, request["root"])
        paths = enumerate(request["paths"])
        answer = {
            "values": [[_values(request, index, path, own) for own in request["configs"]] for index, path in paths]
        }
    except Exception as error:  # noqa: BLE001 - a module may raise anything, and the parent must hear of it
        answer = {"error": f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]}
    json.dump(answer, out)
    out.close()


def _values(request: dict[str, Any], index: int, path: str, config: dict[str, str]) -> dict[str, str | None]:
    from hamilton import driver  # Slow, and its own settings have to be in the environment by now.

    modules = [importlib.import_module(name) for name in request["modules"]]
    # Hamilton renames functions of @config.when while it builds, so every driver gets a module of its own.
    own = _module(f"prompts_{index}_{'_'.join(config.values()) or 'default'}", path)
    built = driver.Builder().with_modules(*modules, own).with_config(config).allow_module_overrides().build()
    known = [
        name for name in request["names"] if name in built.graph.nodes and not built.graph.nodes[name].user_defined
    ]
    inputs = {name: bytes.fromhex(value).decode("utf-8", "surrogatepass") for name, value in request["inputs"].items()}
    values = built.execute(known, inputs=inputs)
    found = {name: str(values[name]).encode("utf-8", "surrogatepass").hex() for name in known}
    return {name: found.get(name) for name in request["names"]}


def _module(name: str, path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python module")
    module = importlib.util.module_from_spec(spec)
    # Hamilton looks for a function's module by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
