"""Rows of exposures and outcomes on their way into a database; writing one twice is writing it once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Exposure:
    """A unit was answered with an arm."""

    test: str
    unit: str
    """See unit_hash."""
    occasion: str
    """The day in UTC, or the hash of a request's id: one row is kept for each."""
    arm: str
    at: float
    """Seconds since 1970-01-01 UTC."""


@dataclass(frozen=True)
class Outcome:
    """What became of a unit; the first of a name counts."""

    test: str
    name: str
    unit: str
    value: float
    """0 to 1."""
    at: float


Row = Exposure | Outcome


def write_rows(connection: "Connection", rows: Sequence[Row]) -> None:
    """Add those that aren't there."""
    from sqlalchemy.dialects import postgresql, sqlite

    from dataflows.ab.tables import EXPOSURE, OUTCOME

    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for kind, table in ((Exposure, EXPOSURE), (Outcome, OUTCOME)):
        if own := [asdict(row) for row in rows if isinstance(row, kind)]:
            # The order of keys is that of all writers, so that two of them never wait for each other.
            own.sort(key=lambda row: (row["test"], row["unit"]))
            connection.execute(insert(table).on_conflict_do_nothing(), own)
