"""A process of its own that runs the prompts of one module and tells what they gave.

In: JSON with "path", "root", "dataflow_modules", "names", "inputs" and perhaps "cases". Out: JSON with "values",
"nodes" and, when asked, "cases"; or with "error", a sentence's end. Texts travel as UTF-8 with surrogates, in hex: JSON
would make one character of two lone surrogates.
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
        answer = _answer(request)
    except Exception as error:  # noqa: BLE001 - a module may raise anything, and the parent must hear of it
        answer = {"error": f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]}
    json.dump(answer, out)
    out.close()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    sys.path.insert(0, request["root"])
    from hamilton import driver  # Slow, and its own settings have to be in the environment by now.

    modules = [importlib.import_module(name) for name in request["dataflow_modules"]]
    bare = driver.Builder().with_modules(*modules).build()
    built = driver.Builder().with_modules(*modules, _module(request["path"])).allow_module_overrides().build()
    names = request["names"]
    if missing := sorted(set(names) - set(built.graph.nodes)):
        raise LookupError(f"the module has no prompt {missing[0]}")
    before, after = (_shape(graph, names) for graph in (bare.graph, built.graph))
    if different := sorted(name for name in {*before, *after} if before.get(name) != after.get(name)):
        raise ValueError(f"the dataflow's node {different[0]} is another one with this module")
    inputs = {name: _text(value) for name, value in request["inputs"].items()}
    values = built.execute(names, inputs=inputs)
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise TypeError(f"{wrong[0]} gave {type(values[wrong[0]]).__name__}, not text")
    answer = {"values": {name: _hex(value) for name, value in values.items()}, "nodes": len(after)}
    return answer | ({"cases": _cases(request["path"], request["cases"])} if "cases" in request else {})


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

    return run_again(path, _text(asked["experiment"]), asked["store"])


def _text(value: str) -> str:
    return bytes.fromhex(value).decode("utf-8", "surrogatepass")


def _hex(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").hex()


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
