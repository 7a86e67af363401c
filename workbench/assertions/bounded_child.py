"""A process of its own that searches a text or checks JSON by a schema, and is ended when it takes too long.

In: JSON with "pattern" and "text", or with "schema" and "instances", texts in hex. Out: JSON with "found" or "faults".
"""

import json
import re
import sys
import time
from collections.abc import Sequence
from typing import Any


def main() -> None:
    """Answer one request on stdin with one line on stdout."""
    request = json.load(sys.stdin)
    seconds = int(sys.argv[1])
    answer: dict[str, Any]
    if "pattern" in request:
        pattern, text = _text(request["pattern"]), _text(request["text"])
        _limit(seconds)
        answer = {"found": bool(re.search(pattern, text, re.ASCII))}
    else:
        import jsonschema  # noqa: F401 - its half a second belongs before the limit

        _limit(seconds)
        answer = {"faults": find_faults(json.loads(_text(request["schema"])), list(map(_text, request["instances"])))}
    json.dump(answer, sys.stdout)


def _limit(seconds: int) -> None:
    """Have the system end this process after so many more seconds of processor time, give or take a half."""
    if sys.platform != "win32":  # Windows has no such limit; the parent's patience ends it there.
        import resource

        limit = round(time.process_time()) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))


def find_faults(schema: Any, instances: Sequence[str]) -> list[str | None]:
    """For each JSON text what is wrong with it by the schema, or None."""
    from jsonschema import Draft7Validator

    validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    faults: list[str | None] = []
    for instance in instances:
        error = next(validator.iter_errors(json.loads(instance)), None)
        faults.append(error and f"{error.json_path[:60]}: {error.message[:200]}")
    return faults


def _text(coded: str) -> str:
    return bytes.fromhex(coded).decode("utf-8", "surrogatepass")


if __name__ == "__main__":
    main()
