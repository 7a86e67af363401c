"""The tables of the call store, and what is asked of them on one connection.

What is known of an answer lies apart from its text, so that noting a use rewrites a few bytes, and looking whether an
answer is there reads none.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from workbench.engine.store_room import bytes_used
from workbench.state.database import pragma, writing

_FORMAT = 1
_KEYS_PER_SELECT = 500
_TABLES = (
    "CREATE TABLE call "
    "(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, made_at REAL NOT NULL, used_at REAL NOT NULL)",
    "CREATE INDEX call_by_use ON call (used_at)",
    "CREATE TABLE answer (id INTEGER PRIMARY KEY, value BLOB NOT NULL)",
    "CREATE TABLE tally "
    "(answers INTEGER NOT NULL, hits INTEGER NOT NULL, made INTEGER NOT NULL, changes INTEGER NOT NULL)",
)


class Row(NamedTuple):
    """One kept answer."""

    key: str
    id: int
    made_at: float
    used_at: float
    value: bytes


@dataclass(frozen=True)
class Counts:
    """What a store holds, and what it was good for since it was emptied."""

    answers: int
    bytes: int
    """On disk."""
    hits: int
    """Calls that found their answer here."""
    made: int
    """Answers that were kept."""
    oldest_use: float | None
    """Seconds since the epoch; None while nothing is kept."""
    newest_use: float | None

    @property
    def hit_rate(self) -> float | None:
        """The share of calls that found their answer here, from 0 to 1; None before the first call."""
        calls = self.hits + self.made
        return self.hits / calls if calls else None


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, or take over those of the release before; done at once where they are there."""
    # Some builds of SQLite write zeros over every page that gets free.
    connection.execute("PRAGMA secure_delete = FAST")
    if pragma(connection, "user_version") < _FORMAT:
        with writing(connection):
            if pragma(connection, "user_version") < _FORMAT:
                _make_tables(connection)
                connection.execute(f"PRAGMA user_version = {_FORMAT}")
    if pragma(connection, "auto_vacuum") != 2:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        try:
            connection.execute("VACUUM")  # a file with pages learns that in no other way
        except sqlite3.OperationalError as error:
            logging.getLogger(__name__).warning("the store can't give room back to the disk yet: %s", error)


def _make_tables(connection: sqlite3.Connection) -> None:
    before = connection.execute("SELECT 1 FROM pragma_table_info('call') WHERE name = 'answer'").fetchone()
    if before:
        connection.execute("ALTER TABLE call RENAME TO call_before")
    for statement in _TABLES:
        connection.execute(statement)
    if before:
        connection.execute("INSERT INTO call SELECT rowid, key, made_at, made_at FROM call_before")
        connection.execute("INSERT INTO answer SELECT rowid, answer FROM call_before")
        connection.execute("DROP TABLE call_before")
    # Begins where no earlier file's number can be: a page that cached under one must not take this file for that.
    connection.execute("INSERT INTO tally SELECT count(*), 0, 0, ? FROM call", [time.time_ns()])


def rows(connection: sqlite3.Connection, keys: Sequence[str], since: float) -> list[Row]:
    """What is kept under these keys and was made at or after `since`."""
    query = (
        "SELECT key, id, made_at, used_at, value FROM call JOIN answer USING (id) WHERE key IN ({}) AND made_at >= ?"
    )
    return [Row(*row) for row in _selected(connection, query, keys, since)]


def known(connection: sqlite3.Connection, keys: Sequence[str], since: float) -> set[str]:
    """Those of these keys under which something is kept that was made at or after `since`."""
    return {
        key for (key,) in _selected(connection, "SELECT key FROM call WHERE key IN ({}) AND made_at >= ?", keys, since)
    }


def put(connection: sqlite3.Connection, values: Sequence[tuple[str, bytes]], now: float, hits: int) -> None:
    """Keep (key, value) pairs as made now, replacing what is kept under their keys, and count these hits."""
    with writing(connection):
        new = len(values) - len(known(connection, [key for key, _ in values], float("-inf")))
        connection.executemany(
            "INSERT INTO call (key, made_at, used_at) VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET made_at = excluded.made_at, used_at = excluded.used_at",
            [(key, now, now) for key, _ in values],
        )
        connection.executemany(
            "INSERT OR REPLACE INTO answer SELECT id, ? FROM call WHERE key = ?",
            [(value, key) for key, value in values],
        )
        connection.execute(
            "UPDATE tally SET answers = answers + ?, made = made + ?, hits = hits + ?, changes = changes + 1",
            [new, len(values), hits],
        )


def note_use(connection: sqlite3.Connection, ids: Sequence[int], now: float, hits: int) -> None:
    """Those answers were used now; and count these hits."""
    with writing(connection):
        connection.executemany("UPDATE call SET used_at = ? WHERE id = ?", [(now, number) for number in ids])
        connection.execute("UPDATE tally SET hits = hits + ?", [hits])


def counts(connection: sqlite3.Connection) -> Counts:
    """How much is kept, and how often it was of use; the work doesn't grow with the store."""
    answers, hits, made = connection.execute("SELECT answers, hits, made FROM tally").fetchone()
    uses = connection.execute("SELECT (SELECT min(used_at) FROM call), (SELECT max(used_at) FROM call)").fetchone()
    return Counts(answers, bytes_used(connection), hits, made, *uses)


def version(connection: sqlite3.Connection) -> int:
    """A number that is another one after each change of what is kept."""
    return int(connection.execute("SELECT changes FROM tally").fetchone()[0])


def clear(connection: sqlite3.Connection) -> None:
    """Forget all answers and counts."""
    with writing(connection):
        connection.execute("DELETE FROM answer")
        connection.execute("DELETE FROM call")
        connection.execute("UPDATE tally SET answers = 0, hits = 0, made = 0, changes = changes + 1")


def _selected(
    connection: sqlite3.Connection, query: str, keys: Sequence[str], since: float
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(keys), _KEYS_PER_SELECT):
        part = keys[start : start + _KEYS_PER_SELECT]
        yield from connection.execute(query.format(",".join("?" * len(part))), [*part, since])
