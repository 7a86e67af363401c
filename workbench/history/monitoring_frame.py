"""A span of time cut into steps of equal length, as many as a chart shows well."""

import math
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.history.monitoring_days import day_of, midnight

MOST_STEPS = 120
_HOURS = (1, 3)
_DAYS = (1, 7, 28, 364)
_MONDAY = 3
"""The epoch was a Thursday; so many days before it a week began."""
_NAMES = {1: "hour", 3: "3 hours", 24: "day", 168: "week", 672: "4 weeks", 8736: "52 weeks"}


@dataclass(frozen=True)
class Frame:
    """A span of whole hours or whole days, and the length of its steps.

    Units are hours or days since the epoch by the clock of this machine. For hours its present distance from UTC is
    taken for the whole span, so that those before a change to summer time are an hour off; days are those of the
    calendar.
    """

    size: int
    """Units of a step."""
    is_days: bool
    first: int
    """Unit."""
    last: int
    """Unit; it belongs to the span."""
    offset: int
    """Of this machine's clock from UTC, in whole hours."""

    @property
    def step_name(self) -> str:
        """ "hour", "3 hours", "day", "week", "4 weeks" or "52 weeks"."""
        return _NAMES[self.size * (24 if self.is_days else 1)]

    @property
    def shift(self) -> int:
        """What is added to a unit before it is divided by size, so that weeks begin on Mondays."""
        return _MONDAY if self.is_days else 0

    @property
    def since(self) -> float:
        """Where it begins, in seconds since the epoch."""
        return self.time_of(self.first)

    @property
    def until(self) -> float:
        """Where it ends, in seconds since the epoch."""
        return self.time_of(self.last + 1)

    def time_of(self, unit: int) -> float:
        """When a unit begins, in seconds since the epoch."""
        return midnight(unit) if self.is_days else (unit - self.offset) * 3600.0

    def steps(self) -> list[tuple[int, float, float]]:
        """(number, begin, end) of each; the first and the last may be cut short by the span."""
        numbers = range((self.first + self.shift) // self.size, (self.last + self.shift) // self.size + 1)
        return [(own, self._edge(own), self._edge(own + 1)) for own in numbers]

    def before(self) -> "Frame":
        """The span of the same length that ends where this one begins."""
        return replace(self, first=self.first - (self.last - self.first + 1), last=self.first - 1)

    def _edge(self, number: int) -> float:
        unit = number * self.size - self.shift
        return self.time_of(min(max(unit, self.first), self.last + 1))


def frame_of(since: float, until: float) -> Frame:
    """The span with the shortest steps that are at most 120; its ends are widened to whole hours, or whole days.

    Args:
        since: Seconds since the epoch.
        until: Likewise; it doesn't belong to the span.
    """
    hours = max(0.0, until - since) / 3600
    offset = _offset(until)
    for size in _HOURS:
        if hours <= MOST_STEPS * size:
            first = math.floor(since / 3600) + offset
            return Frame(size, False, first, max(first, math.ceil(until / 3600) - 1 + offset), offset)
    size = next((own for own in _DAYS if hours / 24 <= MOST_STEPS * own), _DAYS[-1])
    first = day_of(since)
    return Frame(size, True, first, max(first, day_of(until - 0.001)), offset)


def _offset(seconds: float) -> int:
    own = datetime.fromtimestamp(seconds).astimezone().utcoffset()
    return int(own.total_seconds() // 3600) if own else 0
