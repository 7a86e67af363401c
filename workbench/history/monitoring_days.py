"""Rows of whole days beside those of hours.

A year of a million calls is 400,000 rows by the hour and some 60,000 by the day: only these can be added up while a
person waits. They stand in the same table, under kinds of their own and with a negative number in the place of the
hour, so that they lie together and never among the hours. A day is one of the machine that keeps the run.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

CALL, CALL_DAY = "call", "call-day"
RUN, RUN_DAY = "run", "run-day"
_KINDS = {CALL: CALL_DAY, RUN: RUN_DAY}
_KEYS = ("hour", "kind", "dataflow", "version", "model", "source", "bucket")
_SUMS = ("count", "input_tokens", "output_tokens", "cost_usd", "seconds")
_EPOCH = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal() - _EPOCH


def day_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the days that rows of hours lie in, in the order of their keys.

    Args:
        rows: Of tables.ROLLUP, by the hour.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        own = {**row, "hour": place_of(day_of(row["hour"] * 3600)), "kind": _KINDS[row["kind"]]}
        key = tuple(own[name] for name in _KEYS)
        known = found.get(key)
        found[key] = own if known is None else own | {name: known[name] + own[name] for name in _SUMS}
    return [found[key] for key in sorted(found)]


def place_of(day: int) -> int:
    """What stands in the place of the hour; its own inverse.

    Args:
        day: Days since the epoch, from 0.
    """
    return -1 - day


def day_of(seconds: float) -> int:
    """The day, in days since the epoch, by the time zone of this machine; moments no calendar has are of its ends."""
    try:
        return max(0, datetime.fromtimestamp(seconds).toordinal() - _EPOCH)
    except (ValueError, OverflowError, OSError):
        return _LAST_DAY if seconds > 0 else 0


def midnight(day: int) -> float:
    """When a day begins on this machine, in seconds since the epoch."""
    return datetime.combine(date.fromordinal(day + _EPOCH), time()).timestamp()
