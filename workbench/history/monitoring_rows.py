"""Which rolled-up rows a span of time is added up from, as SQL."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, func, literal_column, select

from workbench.history import tables
from workbench.history.monitoring_days import CALL, CALL_DAY, RUN, RUN_DAY, day_of, place_of
from workbench.history.monitoring_frame import Frame
from workbench.history.monitoring_records import Asked

ROW = tables.ROLLUP.c


def has_days(connection: Connection) -> bool:
    """Whether there are rows of days for all calls there are; where not, days are added up from hours."""
    first_day = _first_day(connection)
    first_hour = _first_hour(connection)
    return first_day is not None and first_hour is not None and first_day <= day_of(first_hour * 3600)


def first_call(connection: Connection) -> float | None:
    """Begin of the hour of the first call there is, in seconds since the epoch; None without any."""
    hour = _first_hour(connection)
    return None if hour is None else hour * 3600.0


@dataclass(frozen=True)
class Source:
    """The rows of a frame."""

    frame: Frame
    of_days: bool
    """Rows of days are there for it."""

    @property
    def unit(self) -> ColumnElement[int]:
        """The hour or the day of a row, as its frame counts them."""
        if not self.frame.is_days:
            return ROW.hour + _number(self.frame.offset)
        if self.of_days:
            return _number(-1) - ROW.hour
        return (ROW.hour + _number(self.frame.offset)) // _number(24)

    @property
    def step(self) -> Label[int]:
        """The number of a row's step, to group by."""
        return ((self.unit + _number(self.frame.shift)) // _number(self.frame.size)).label("step")

    def calls(self, asked: Asked) -> list[ColumnElement[bool]]:
        """What rows of calls have to be."""
        return [*self._rows(CALL, CALL_DAY), *filters(asked)]

    def runs(self, asked: Asked) -> list[ColumnElement[bool]]:
        """What rows of runs have to be."""
        return [*self._rows(RUN, RUN_DAY), *filters(asked)]

    def _rows(self, of_hours: str, of_days: str) -> list[ColumnElement[bool]]:
        frame = self.frame
        if frame.is_days and self.of_days:
            return [ROW.kind == of_days, ROW.hour.between(place_of(frame.last), place_of(frame.first))]
        if frame.is_days:
            first, last = frame.first * 24 - frame.offset, frame.last * 24 + 23 - frame.offset
        else:
            first, last = frame.first - frame.offset, frame.last - frame.offset
        return [ROW.kind == of_hours, ROW.hour.between(first, last)]


def every_call(of_days: bool) -> list[ColumnElement[bool]]:
    """What rows have to be, to be of calls of any time, each counted once."""
    return [ROW.kind == CALL_DAY, ROW.hour < 0] if of_days else [ROW.kind == CALL]


def filters(asked: Asked) -> list[ColumnElement[bool]]:
    """What is asked for apart from time."""
    pairs: list[tuple[ColumnElement[Any], str]] = [
        (ROW.dataflow, asked.dataflow),
        (ROW.version, asked.version),
        (ROW.model, asked.model),
        (ROW.source, asked.source),
    ]
    return [column == value for column, value in pairs if value]


def _first_hour(connection: Connection) -> int | None:
    found = connection.execute(select(func.min(ROW.hour)).where(ROW.kind == CALL, ROW.hour >= 0)).scalar()
    return None if found is None else int(found)


def _first_day(connection: Connection) -> int | None:
    found = connection.execute(select(func.max(ROW.hour)).where(ROW.kind == CALL_DAY, ROW.hour < 0)).scalar()
    return None if found is None else place_of(int(found))


def _number(value: int) -> ColumnElement[int]:
    """Written out: PostgreSQL takes two parameters of one value for two expressions, and groups by neither."""
    return literal_column(f"({int(value)})", type_=ROW.hour.type)
