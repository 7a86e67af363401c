"""What the workbench does with the inbox: take runs out that services have put in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, case, delete, func, inspect, select

from dataflows.tracker.record_json import from_json
from dataflows.tracker.records import MOST_BYTES, RunRecord
from dataflows.tracker.tables import TRACKED_RUN

_MOST_IN_A_STATEMENT = 500


@dataclass(frozen=True)
class Received:
    """A row of the inbox."""

    id: int
    """Rises, and is never used again."""
    received_at: float
    """Seconds since 1970-01-01 UTC."""
    record: RunRecord | None
    """None where the row can't be read."""
    problem: str = ""
    """Why it can't be read, as a sentence."""


def take(database: Engine | Connection, limit: int = 100) -> list[Received]:
    """The runs that came first; they stay until they are removed. None where there is no inbox yet.

    Rows are held to the bounds of records.py, since any service may have written them; one that can't be read is given
    with its problem, so that it doesn't stand in the way of others.
    """
    body = case((func.length(TRACKED_RUN.c.body) <= MOST_BYTES, TRACKED_RUN.c.body), else_=None)
    wanted = select(TRACKED_RUN.c.id, TRACKED_RUN.c.received_at, body).order_by(TRACKED_RUN.c.id).limit(limit)
    with _connection(database) as connection:
        if not inspect(connection).has_table(TRACKED_RUN.name):
            return []
        rows = connection.execute(wanted).all()
    return [_received(*row) for row in rows]


def remove(database: Engine | Connection, ids: Sequence[int]) -> None:
    """Take these away; ids that are not there are passed over."""
    with _connection(database) as connection:
        for first in range(0, len(ids), _MOST_IN_A_STATEMENT):
            some = ids[first : first + _MOST_IN_A_STATEMENT]
            connection.execute(delete(TRACKED_RUN).where(TRACKED_RUN.c.id.in_(some)))


def _received(row_id: int, received_at: float, body: object) -> Received:
    if not isinstance(body, bytes):
        return Received(row_id, received_at, None, f"this record has no body, or one of over {MOST_BYTES:,} bytes")
    try:
        return Received(row_id, received_at, from_json(body))
    except ValueError as error:
        return Received(row_id, received_at, None, str(error))


@contextmanager
def _connection(database: Engine | Connection) -> Iterator[Connection]:
    """A transaction of our own for an engine; whoever gives a connection has one."""
    if isinstance(database, Connection):
        yield database
        return
    with database.begin() as connection:
        yield connection
