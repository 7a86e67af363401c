"""The database of the history: a SQLite file, or PostgreSQL by its address; the same statements for both."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dataflows.sql_engine import engine_at
from workbench.errors import HistoryError
from workbench.history.migration import migrate
from workbench.models.redaction import redact

_MOST_AT_ONCE = 8
"""Connections of a process: more of them would only wait for each other, and PostgreSQL gives 100 to everybody."""


class Database:
    """Made or brought up to date when it is first used; any number of processes may do so at the same time.

    Args:
        url: "sqlite:///path", "postgresql://user:password@host/database", or the path of a SQLite file.

    Raises:
        HistoryError: It is no such address.
    """

    def __init__(self, url: str | Path) -> None:
        try:
            self._engine = engine_at(url, "prompt workbench", _MOST_AT_ONCE)
        except ValueError as error:
            raise HistoryError(
                "DATABASE_URL is no address of a database the history can be in.", f"{error}."
            ) from error
        self.place = self._engine.url.render_as_string(hide_password=True)
        """For people; without its password."""
        self._turns = threading.BoundedSemaphore(_MOST_AT_ONCE)
        self._is_ready = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, undone when an error leaves it; of SQLite's, one at a time among all processes.

        Raises:
            HistoryError: The database can't be asked.
        """
        yield from self._connected(reading=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The same for reading only: waits for nobody.

        Raises:
            HistoryError: The database can't be asked.
        """
        yield from self._connected(reading=True)

    def close(self) -> None:
        """Give its connections back."""
        self._engine.dispose()

    def _connected(self, *, reading: bool) -> Iterator[Connection]:
        try:
            self._make_ready()
            with (
                self._turns,
                self._engine.connect() as connection,
                connection.execution_options(reading=reading).begin(),
            ):
                yield connection
        except DBAPIError as error:
            why = redact(str(error.orig)).splitlines()
            raise HistoryError(
                f"The history {self.place} can't be asked: {(why or ['no reason'])[0][:200]}.",
                "Look after the database; runs are put aside meanwhile, and come in when it answers.",
            ) from error

    def _make_ready(self) -> None:
        if not self._is_ready:
            with self._turns:
                migrate(self._engine)
            self._is_ready = True
