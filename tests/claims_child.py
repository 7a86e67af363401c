"""A process that makes calls, started by test_claims.py: `python -m tests.claims_child FOLDER COUNT`.

It says "ready", reads a line, makes the calls, each noted in FOLDER/asked, and says how many answers it has and how
many of them it made.
"""

import json
import sys
from pathlib import Path

from tests.scripted import ScriptedEndpoint
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.flight import CallEvent
from workbench.engine.stopping import Stop
from workbench.models.endpoints import OnQuota, OnText
from workbench.records import Answer, CallRequest


class NotingEndpoint(ScriptedEndpoint):
    """Notes each call in a file before it is answered."""

    def __init__(self, file: Path) -> None:
        super().__init__(latency=0.03)
        self.file = file

    async def ask(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:
        with self.file.open("a") as file:
            file.write(f"{request.messages[-1][1]} ")
        return await super().ask(request, on_text, on_quota)


def main() -> None:
    """Make the calls."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    requests = [CallRequest("local", "m", (("user", str(number)),)) for number in range(count)]
    ends: list[str] = []

    def watch(event: CallEvent) -> None:
        if event.answer:
            ends.append(event.kind)

    pool = CallPool(CallStore(folder / "calls.db"))
    print("ready", flush=True)
    sys.stdin.readline()
    answers = pool.answer_all(NotingEndpoint(folder / "asked"), requests, caller="child", stop=Stop(), watch=watch)
    pool.close()
    print(json.dumps([len(answers), ends.count("done")]))


if __name__ == "__main__":
    main()
