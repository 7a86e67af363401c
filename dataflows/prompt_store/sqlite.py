"""A prompt store in a SQLite file, which several processes may use at once."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dataflows.prompt_store.database import Database, Row, Run, unavailable
from dataflows.prompt_store.tables import Dialect

_PATIENCE_SECONDS = 30.0


class SQLiteFile(Database):
    """A file; made with the first version that is added."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        # What a relative path means is settled now: the process may change its folder.
        self._path = path.absolute()

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """See Database.reading."""
        with self._opened("rw") as connection:
            yield _runner(connection)

    @contextmanager
    def writing(self, *, create: bool = True) -> Iterator[Run]:
        """See Database.writing."""
        with self._opened("rwc" if create else "rw") as connection:
            _switch_to_wal(connection)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield _runner(connection)

    def has_table(self, run: Run, name: str) -> bool:
        """See Database.has_table."""
        return bool(run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name", name=name))

    @contextmanager
    def _opened(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            address = f"{self._path.as_uri()}?mode={mode}"
            opened = sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None)
            with closing(opened) as connection:
                yield connection
        except sqlite3.Error as error:
            raise unavailable(self.place, str(error)) from error


def _runner(connection: sqlite3.Connection) -> Run:
    def run(statement: str, **values: object) -> list[Row]:
        return connection.execute(statement, values).fetchall()

    return run


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Readers go on while somebody writes; the file stays so. SQLite doesn't wait where several switch it at once."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.005)
