"""How long to wait before a model call is made again, and how often that makes sense."""

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

LONGEST_ASKED_WAIT = 120.0
"""Seconds; an endpoint that asks for more gets this much."""
_LONGEST_BACKOFF = 20.0

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[smhd]))+")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")
_LONGEST_HEADER = 40

_random = random.SystemRandom()


@dataclass(frozen=True)
class Patience:
    """What one model call is worth."""

    attempts: int = 5
    """How often it is made in all, at least once, while its failures look temporary."""
    refusals: int = 20
    """How often it may be sent away for the rate of calls; more often, as nothing was wrong with the call."""
    first_backoff: float = 0.5
    """Seconds of the first wait at most; it doubles from there."""
    seconds: float = 600.0
    """The longest time from its first attempt to its answer."""


@dataclass(frozen=True)
class Quota:
    """What an endpoint says of its own limit, beside an answer or a refusal."""

    remaining: int
    """Calls that it will take until the reset."""
    reset_seconds: float
    """Until it takes the full number again; from 0 to 120."""


def backoff_seconds(attempt: int, first: float = 0.5) -> float:
    """A wait that doubles with every attempt (from 1), up to 20 s.

    A random part of up to a half is taken off, so that calls which failed together don't come back together.
    """
    return float(min(_LONGEST_BACKOFF, first * 2.0 ** min(attempt - 1, 30)) * _random.uniform(0.5, 1.0))


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
                return _bounded(seconds)
    return None


def quota_in(headers: Mapping[str, str]) -> Quota | None:
    """What the rate-limit headers of a reply say; None when they are not there or make no sense.

    Source: OpenAI's x-ratelimit-remaining-requests (a number) and x-ratelimit-reset-requests ("1s", "6m0s", "20ms").
    """
    remaining = headers.get("x-ratelimit-remaining-requests", "").strip()
    reset = headers.get("x-ratelimit-reset-requests", "").strip()
    if max(len(remaining), len(reset)) > _LONGEST_HEADER or not (remaining.isascii() and remaining.isdigit()):
        return None
    if not _DURATION.fullmatch(reset):
        return None
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(reset))
    return Quota(int(remaining), _bounded(seconds))


def _bounded(seconds: float) -> float:
    return min(LONGEST_ASKED_WAIT, max(0.0, seconds))


def _seconds(value: str, unit: float, now: float) -> float | None:
    try:
        number = float(value) * unit
    except ValueError:
        try:
            return parsedate_to_datetime(value).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return number if number == number else None  # "nan" is a float too
