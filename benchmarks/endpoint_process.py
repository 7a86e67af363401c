"""The tests' endpoint in a process of its own, so that it shares no interpreter with whoever reads its counts.

`python -m benchmarks.endpoint_process LATENCY` prints its URL, then, for each line it reads, a line of JSON: the
requests since the last one.
"""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Self

from tests.endpoint import FakeEndpoint
from workbench import settings


@dataclass(frozen=True)
class Asked:
    """A request that reached the endpoint."""

    prompt: str
    """SHA-256 (hex) of its last message."""
    answered: bool
    """False: the client left before the reply was complete, or the reply is still being sent."""


class EndpointProcess:
    """An endpoint that answers after `latency` seconds, for as long as the block runs."""

    def __init__(self, latency: float) -> None:
        self._latency = latency

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "benchmarks.endpoint_process", str(self._latency)]
        self._process = subprocess.Popen(
            command, cwd=settings.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.url = self._line().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
        self._process.wait(10)

    def count(self) -> int:
        """Requests since the last `take`."""
        return int(self._told("count"))

    def take(self) -> list[Asked]:
        """The requests since the last `take`."""
        return [Asked(*parts) for parts in json.loads(self._told("take"))]

    def _told(self, command: str) -> str:
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the endpoint's process ended")
        return line


def main() -> None:
    """Serve until standard input ends."""
    taken = 0
    with FakeEndpoint(latency=float(sys.argv[1])) as server:
        print(server.url, flush=True)
        for line in sys.stdin:
            new = server.requests[taken:]
            if line.strip() == "count":
                print(len(new), flush=True)
                continue
            taken += len(new)
            parts = [(hashlib.sha256(own.prompt.encode()).hexdigest(), not own.aborted) for own in new]
            print(json.dumps(parts), flush=True)


if __name__ == "__main__":
    main()
