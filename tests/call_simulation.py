"""An endpoint and its calls in simulated time: what a limit of calls does, without waiting for it."""

import heapq
import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.endpoint_limits import TokenBucket
from workbench.engine.call_limit import CallLimit
from workbench.engine.pace import Sent

REFUSAL_SECONDS = 0.002


@dataclass
class Outcome:
    """What the calls took."""

    seconds: float = 0.0
    """From the first sending to the last answer."""
    requests: int = 0
    refused_at: list[float] = field(default_factory=list)
    most_at_once: int = 0
    attempts: dict[int, int] = field(default_factory=dict)
    """Call -> how often it was sent."""


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def simulate(
    calls: int,
    places: int,
    takes: Callable[[Clock], Callable[[], float | None]],
    *,
    latency: float = 0.2,
    spread: float = 0.1,
    seed: int = 0,
) -> Outcome:
    """Send all calls to an endpoint through a limit, as fast as that allows.

    Args:
        calls: How many.
        places: How many at a time.
        takes: Clock -> what decides each call: None lets it through, infinite refuses it, another number refuses it
            and says how many seconds to wait.
        latency: Seconds of an answer; refusals come after 2 ms.
        spread: How far an answer may be from its latency, as a share of it.
        seed: Of the spread.
    """
    clock, chance, outcome = Clock(), random.Random(seed), Outcome()
    decide, limit = takes(clock), CallLimit(places, clock=clock)
    events: list[tuple[float, int, int, Sent | None, float | None]] = []
    order = itertools.count()
    waiting, in_flight = list(reversed(range(calls))), 0

    def send() -> None:
        nonlocal in_flight
        while waiting:
            wait = limit.wait(in_flight)
            if wait == math.inf:
                return
            if wait:
                heapq.heappush(events, (clock.now + wait, next(order), -1, None, None))
                return
            call, sent = waiting.pop(), limit.sent()
            in_flight += 1
            outcome.requests += 1
            outcome.attempts[call] = outcome.attempts.get(call, 0) + 1
            outcome.most_at_once = max(outcome.most_at_once, in_flight)
            verdict = decide()
            seconds = REFUSAL_SECONDS if verdict is not None else latency * chance.uniform(1 - spread, 1 + spread)
            heapq.heappush(events, (clock.now + seconds, next(order), call, sent, verdict))

    send()
    while events:
        clock.now, _, call, sent, verdict = heapq.heappop(events)
        if sent and verdict is None:
            in_flight -= 1
            limit.answered(sent)
            outcome.seconds = clock.now
        elif sent and verdict is not None:
            in_flight -= 1
            limit.refused(sent, None if verdict == math.inf else verdict)
            outcome.refused_at.append(clock.now)
            waiting.append(call)
        send()
    return outcome


def bucket(calls_per_second: float, burst: float, *, retry_after: bool = False) -> Callable[..., Callable]:
    """A token bucket; its refusals name whole seconds, if any."""

    def takes(clock: Clock) -> Callable[[], float | None]:
        tokens = TokenBucket(calls_per_second, burst, retry_after=retry_after, clock=clock)

        def decide() -> float | None:
            reply = tokens(None)
            return None if reply == "" else float(reply.headers.get("Retry-After", "inf"))

        return decide

    return takes


def chance(share: float, seed: int) -> Callable[..., Callable]:
    """Refuses a share of all calls, whatever their rate."""
    drawn = random.Random(seed)
    return lambda clock: lambda: math.inf if drawn.random() < share else None


def window(calls: int, seconds: float) -> Callable[..., Callable]:
    """Takes so many calls in each window of time, and says nothing of it."""

    def takes(clock: Clock) -> Callable[[], float | None]:
        taken: dict[int, int] = {}

        def decide() -> float | None:
            number = int(clock.now // seconds)
            if taken.get(number, 0) >= calls:
                return math.inf
            taken[number] = taken.get(number, 0) + 1
            return None

        return decide

    return takes
