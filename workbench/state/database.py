"""SQLite as the workbench uses it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_SECONDS = 30.0
_LOG_BYTES = 4 * 2**20


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode that waits up to 30 s for other writers; for one thread at a time, whichever."""
    connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _switch_to_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """SQLite doesn't wait where several switch a new file at once, as each would wait for the others' shared lock."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.005)


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that nobody else writes in; undone when an error leaves it."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        yield


@contextmanager
def patience(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Wait only so long for others meanwhile."""
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(_PATIENCE_SECONDS * 1000)}")


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """A number that SQLite knows of the file, "page_count" for example."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
