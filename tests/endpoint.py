"""Our own OpenAI-compatible endpoint for tests and benchmarks, with faults on demand.

    with FakeEndpoint(latency=0.05) as server:
        ...  # server.url, server.requests, server.aborted

`python -m tests.endpoint --port 0 --latency 0.05` serves until Ctrl-C. It listens on loopback only.
"""

import argparse
import asyncio
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Self

from tests.endpoint_http import Connection, Exchange
from tests.endpoint_limits import TokenBucket
from tests.endpoint_replies import (
    FAULTS,
    Reply,
    SeenRequest,
    embedding_reply,
    good_reply,
    json_reply,
    short_answer,
)


class FakeEndpoint(Exchange):
    """Chat completions, streamed or not, and embeddings, from a thread of its own.

    Args:
        latency: Seconds before the first byte of a reply.
        tokens_per_second: Speed of the events after the first; None sends them at once.
        words: Length of the answer made up from the prompt; a word is a token here.
        answer: Gives the text instead.
        fault: Gives a name out of FAULTS, "no usage", or "" for a good answer; or the reply itself.
        odds: Name of a fault -> its probability; drawn from the seed, the body and how often that body came before,
            so the order in which requests arrive changes nothing.
        seed: Of the odds.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        *,
        latency: float = 0.0,
        tokens_per_second: float | None = None,
        words: int = 12,
        answer: Callable[[SeenRequest], str] | None = None,
        fault: Callable[[SeenRequest], str | Reply] | None = None,
        odds: Mapping[str, float] | None = None,
        seed: int = 0,
        port: int = 0,
    ) -> None:
        self.latency = latency
        self.pause = 1 / tokens_per_second if tokens_per_second else 0.0
        self.answer = answer or (lambda request: short_answer(request, words))
        self.fault = fault or self._drawn_fault
        self.odds = dict(odds or {})
        self.seed = seed
        self.port = port
        self.requests: list[SeenRequest] = []
        self.connections = 0
        self.seen_bodies: Counter[str] = Counter()
        self.changed = threading.Condition()
        self.started = time.monotonic()

    @property
    def url(self) -> str:
        """The base URL a client is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def aborted(self) -> int:
        """How many requests the client left before their reply was complete."""
        return sum(request.aborted for request in self.requests)

    @property
    def answered(self) -> int:
        """How many requests got a whole answer."""
        return sum(request.fault in ("", "no usage", "length") and not request.aborted for request in self.requests)

    def wait_until(self, condition: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Whether the condition came true; it is looked at whenever a request arrives or is aborted."""
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def __enter__(self) -> Self:
        self.loop = asyncio.new_event_loop()
        started = self.loop.create_server(lambda: Connection(self, self.latency, self.pause), "127.0.0.1", self.port)
        self.server = self.loop.run_until_complete(started)
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _close(self) -> None:
        self.server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def connected(self) -> None:
        """Count a connection."""
        self.connections += 1

    def note(self, path: str, headers: dict[str, str], raw: bytes) -> tuple[SeenRequest, Reply]:
        """Record a request and decide what it gets; its key is used, but not kept."""
        key = headers.pop("authorization", "").removeprefix("Bearer ")
        body: dict[str, Any] = json.loads(raw) if raw else {}
        spelt = raw.decode()
        now = time.monotonic() - self.started
        with self.changed:
            request = SeenRequest(len(self.requests), self.seen_bodies[spelt], now, path, headers, body)
            self.seen_bodies[spelt] += 1
            self.requests.append(request)
            self.changed.notify_all()
        if not (path.endswith("/chat/completions") or request.embeds):
            return request, json_reply(404, {"error": {"message": f"no such path: {path}"}})
        chosen = self.fault(request)
        if isinstance(chosen, Reply):
            request.fault = str(chosen.status) if chosen.status != 200 else ""
            return request, chosen
        request.fault = chosen
        if chosen in FAULTS:
            return request, FAULTS[chosen](request, key)
        if request.embeds:
            return request, embedding_reply(request)
        return request, good_reply(request, self.answer(request), with_usage=chosen != "no usage")

    def left(self, request: SeenRequest) -> None:
        """Record that the client of a request is gone."""
        with self.changed:
            request.aborted = True
            self.changed.notify_all()

    def _drawn_fault(self, request: SeenRequest) -> str:
        if not self.odds:
            return ""
        draw = random.Random(f"{self.seed} {request.repeat} {json.dumps(request.body, sort_keys=True)}").random()
        for name, odds in self.odds.items():
            if draw < odds:
                return name
            draw -= odds
        return ""


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="An OpenAI-compatible endpoint that makes its answers up.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before the first byte")
    parser.add_argument("--tokens-per-second", type=float, default=None)
    parser.add_argument("--words", type=int, default=12)
    parser.add_argument("--calls-per-second", type=float, default=None, help="refuse what goes beyond")
    parser.add_argument("--burst", type=float, default=None, help="calls at once; by default those of a second")
    parser.add_argument("--retry-after", action="store_true", help="say when to come again")
    parser.add_argument("--odds", action="append", default=[], metavar="FAULT=PROBABILITY")
    chosen = parser.parse_args()
    odds = {name: float(value) for name, _, value in (pair.rpartition("=") for pair in chosen.odds)}
    served = {"latency": chosen.latency, "tokens_per_second": chosen.tokens_per_second, "words": chosen.words}
    rate = chosen.calls_per_second
    limit = TokenBucket(rate, chosen.burst or rate, retry_after=chosen.retry_after) if rate else None
    with FakeEndpoint(**served, odds=odds, fault=limit, port=chosen.port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            server.thread.join()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
