"""The process that fresh_process.ask starts: imports one module of the workbench and lets it answer one request.

In: JSON on standard input, with "root". Out: the answer as JSON on standard output, or "error", a sentence's end.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

_LONGEST_ERROR = 300


def main() -> None:
    """Answer with one line on stdout; what imported modules print goes to stderr."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    request = json.load(sys.stdin)
    answer: dict[str, Any]
    try:
        # The project first: its dataflows are meant, also when the workbench has some beside it.
        sys.path[:0] = request.get("folders") or [request["root"]]
        ours = str(Path(__file__).resolve().parents[2])
        sys.path.append(ours)
        module = importlib.import_module(sys.argv[1])
        if request.get("folders"):
            sys.path.remove(ours)  # a dataflows/ of ours would win over one of theirs that has no __init__.py
        answer = module.answer(request)
    except Exception as error:  # noqa: BLE001 - a module may raise anything, and the parent must hear of it
        answer = {"error": f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]}
    json.dump(answer, out)
    out.close()


if __name__ == "__main__":
    main()
