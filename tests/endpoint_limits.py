"""Limits of our misbehaving endpoint: how many calls a second it lets through."""

import math
import time
from collections.abc import Callable

from tests.endpoint_replies import Reply, SeenRequest, json_reply


class TokenBucket:
    """Refuses calls beyond a rate at once, as a limiter that stands before the model does. A fault of FakeEndpoint.

    Args:
        calls_per_second: The rate at which it fills.
        burst: How many calls it holds; it begins full.
        retry_after: Whether a refusal says when to come again, in whole seconds as RFC 9110 has them.
        clock: Seconds.
    """

    def __init__(
        self,
        calls_per_second: float,
        burst: float,
        *,
        retry_after: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate, self.burst, self.retry_after, self.clock = calls_per_second, burst, retry_after, clock
        self.tokens, self.filled_at = burst, clock()
        self.refused = 0

    def __call__(self, request: SeenRequest) -> str | Reply:
        now = self.clock()
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return ""
        self.refused += 1
        wait = {"Retry-After": str(math.ceil((1 - self.tokens) / self.rate))} if self.retry_after else {}
        error = {"message": f"only {self.rate:g} calls a second", "type": "requests", "code": "rate_limit_exceeded"}
        return json_reply(429, {"error": error}, latency=0.0, **wait)
