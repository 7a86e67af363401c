"""A process of its own that runs prompt modules with their dataflow and tells what they gave, a line of JSON each.

In: JSON with "root" (the project), "workbench" (the folder of this package) and "jobs". It has no network.
"""

import json
import os
import sys
from typing import Any

_NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}


def main() -> None:
    """Answer each job with one line on stdout; what modules print goes to stderr."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    request = json.load(sys.stdin)
    # The project first: its dataflows are meant, also when the workbench has some beside it.
    sys.path[:0] = dict.fromkeys([request["root"], request["workbench"]])
    sys.addaudithook(_refuse_network)
    from workbench.gate.module_run import answer_of

    for job in request["jobs"]:
        answer: dict[str, Any] = {"path": job["path"]}
        try:
            answer |= answer_of(request["root"], job)
        except Exception as error:  # noqa: BLE001 - a module may raise anything, and the parent must hear of it
            answer["ended"] = f"it can't be run: {type(error).__name__}: {error}"[:300]
        out.write(json.dumps(answer) + "\n")
        out.flush()
    out.close()


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event in _NETWORK:
        raise PermissionError("the gate makes no calls, so nothing may use the network")


if __name__ == "__main__":
    main()
