"""How long to wait before a model call is made again."""

import random
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LONGEST_ASKED_WAIT = 120.0
"""Seconds; an endpoint that asks for more gets this much."""
_LONGEST_BACKOFF = 20.0

_random = random.SystemRandom()


def backoff_seconds(attempt: int, first: float = 0.5) -> float:
    """A wait that doubles with every attempt (from 1), up to 20 s.

    A random part of up to a half is taken off, so that calls which failed together don't come back together.
    """
    return float(min(_LONGEST_BACKOFF, first * 2.0 ** (attempt - 1)) * _random.uniform(0.5, 1.0))


def asked_wait(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Seconds the endpoint asks to wait, from 0 to 120; None when it doesn't say or says nonsense.

    Source: Retry-After of RFC 9110, section 10.2.3 (seconds or a date), and OpenAI's retry-after-ms.

    Args:
        headers: Of the reply; names in lower case, or any case where the mapping ignores it.
        now: Seconds since the epoch; None takes the clock.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if value := headers.get(name):
            seconds = _seconds(value.strip(), unit, time.time() if now is None else now)
            if seconds is not None:
                return min(LONGEST_ASKED_WAIT, max(0.0, seconds))
    return None


def _seconds(value: str, unit: float, now: float) -> float | None:
    try:
        number = float(value) * unit
    except ValueError:
        try:
            return parsedate_to_datetime(value).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return number if number == number else None  # "nan" is a float too
