"""Where A/B tests are: a SQLite file or PostgreSQL, opened when it is first used."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dataflows.ab.records import ABTestError
from dataflows.redaction import redact

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class ABTestsUnavailableError(ABTestError):
    """The database can't be asked now."""


class ABDatabase:
    """A database for any number of threads and processes; a service starts while it is away.

    SQLAlchemy is imported with the first use, so that a service that only splits needs none.

    Args:
        url: "sqlite:///relative/path", "sqlite:////absolute/path", a plain path, or "postgresql://user@host/database".
    """

    def __init__(self, url: str | Path) -> None:
        self._url = url
        self._has_tables = False

    @cached_property
    def place(self) -> str:
        """What messages call it; without its password.

        Raises:
            ABTestError: The address is none.
        """
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """For reading only; waits for nobody.

        Raises:
            ABTestsUnavailableError: It can't be asked.
        """
        yield from self._connected(reading=True)

    @contextmanager
    def writing(self) -> Iterator["Connection"]:
        """One transaction, undone when an error leaves it.

        Raises:
            ABTestsUnavailableError: It can't be asked.
        """
        yield from self._connected(reading=False)

    def close(self) -> None:
        """Give its connections back."""
        self._engine.dispose()

    def _connected(self, *, reading: bool) -> Iterator["Connection"]:
        from sqlalchemy.exc import IntegrityError, SQLAlchemyError

        try:
            self._make_ready()
            with self._engine.connect() as connection, connection.execution_options(reading=reading).begin():
                yield connection
        except IntegrityError:
            raise
        except (SQLAlchemyError, OSError) as error:
            self._has_tables = False  # somebody may have put another file in its place
            why = redact(str(getattr(error, "orig", None) or error)).splitlines()
            raise ABTestsUnavailableError(
                f"the A/B tests in {self.place} can't be asked: {(why or ['no reason'])[0][:200]}"
            ) from error

    def _make_ready(self) -> None:
        if self._has_tables:
            return
        from dataflows.ab.tables import make_tables

        with self._engine.begin() as connection:
            make_tables(connection)
        self._has_tables = True

    @cached_property
    def _engine(self) -> "Engine":
        from dataflows.sql_engine import engine_at

        try:
            return engine_at(self._url, "A/B tests", connections=2)
        except ValueError as error:
            raise ABTestError(str(error)) from error
