"""A prompt store in a PostgreSQL database, through pg8000, which is imported when a store has such an address.

Address: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING, one host, with sslmode, user,
password and host (a socket's folder) as parameters; without a password in it, PGPASSWORD of the environment is taken.
"""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from dataflows.prompt_store.database import Database, Row, Run, unavailable
from dataflows.prompt_store.records import PromptStoreError, StoreUnavailableError
from dataflows.prompt_store.tables import Dialect

if TYPE_CHECKING:
    from pg8000.native import Connection

_TIMEOUT_SECONDS = 10.0
_LOCK = 5_042_871_936
"""Of this store's writers, in PostgreSQL's space of advisory locks; a number that nobody else is likely to take."""


class PostgreSQL(Database):
    """A database; the tables are made in the first schema of its search path with the first version that is added.

    Raises:
        PromptStoreError: The address isn't one of a PostgreSQL database.
        StoreUnavailableError: pg8000 isn't installed.
    """

    dialect: Dialect = "postgresql"

    def __init__(self, url: str) -> None:
        try:
            import pg8000.native  # noqa: F401 asked here, so that a service doesn't start without it
        except ImportError as error:
            raise StoreUnavailableError("a prompt store in PostgreSQL needs the package pg8000; install it") from error
        self._arguments = _arguments(url)
        where = self._arguments.get("unix_sock") or f"{self._arguments['host']}:{self._arguments['port']}"
        self.place = f"{self._arguments['database']} at {where}"

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """See Database.reading."""
        with self._opened() as connection:
            yield _runner(connection)

    @contextmanager
    def writing(self, *, create: bool = True) -> Iterator[Run]:  # noqa: ARG002 a database is never made here
        """See Database.writing."""
        with self._opened() as connection:
            run = _runner(connection)
            # Closed without COMMIT, it is undone.
            run("BEGIN")
            run("SELECT CAST(pg_advisory_xact_lock(:lock) AS TEXT)", lock=_LOCK)
            yield run
            run("COMMIT")

    def has_table(self, run: Run, name: str) -> bool:
        """See Database.has_table."""
        return bool(run("SELECT to_regclass(:name) IS NOT NULL", name=name)[0][0])

    @contextmanager
    def _opened(self) -> Iterator["Connection"]:
        from pg8000.native import Connection, Error

        try:
            connection = Connection(**self._arguments, timeout=_TIMEOUT_SECONDS, application_name="prompt store")
            try:
                yield connection
            finally:
                _close(connection)
        except (Error, OSError) as error:
            raise unavailable(self.place, _words(error)) from error


def _close(connection: "Connection") -> None:
    from pg8000.native import Error

    try:
        connection.close()
    except (Error, OSError):
        return  # the server is gone, and with it all that could be closed


def _runner(connection: "Connection") -> Run:
    def run(statement: str, **values: object) -> list[Row]:
        return list(connection.run(statement, **values) or [])

    return run


def _words(error: Exception) -> str:
    """What the server or the network said; the server's fields are those of its protocol, "M" the message."""
    said = error.args[0] if error.args else ""
    cause = error.__cause__
    return str(said.get("M", "")) if isinstance(said, dict) else f"{said}{f' ({cause})' if cause else ''}"


def _arguments(url: str) -> dict[str, Any]:
    """What pg8000's Connection takes. No message repeats the address: it may hold a password."""
    try:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        port = parts.port or 5432
    except ValueError as error:
        raise PromptStoreError("the prompt store's postgresql:// address has a port or parameters that are none") from (
            error
        )
    if unknown := sorted(set(asked) - {"sslmode", "user", "password", "host"}):
        raise PromptStoreError(f"the prompt store's address has a parameter {unknown[0]!a} that is not known here")
    host = asked.get("host", unquote(parts.hostname or "localhost"))
    user = asked.get("user", unquote(parts.username or ""))
    database = unquote(parts.path.lstrip("/")) or user
    if not user or not database:
        raise PromptStoreError("the prompt store's postgresql:// address has no user; write postgresql://user@host/db")
    arguments = {"user": user, "database": database, "host": host, "port": port}
    if password := asked.get("password", unquote(parts.password or "")) or os.environ.get("PGPASSWORD", ""):
        arguments["password"] = password
    if host.startswith("/"):
        return {**arguments, "unix_sock": f"{host}/.s.PGSQL.{port}", "ssl_context": False}
    return {**arguments, "ssl_context": _ssl_context(asked.get("sslmode", "prefer"))}


def _ssl_context(mode: str) -> ssl.SSLContext | bool | None:
    """What pg8000 is told: None encrypts where the server can, True always, a context also proves who the server is."""
    if mode == "verify-full":
        return ssl.create_default_context()
    known = {"disable": False, "prefer": None, "require": True}
    if mode not in known:
        raise PromptStoreError(f"sslmode is {mode[:40]!a}; disable, prefer, require and verify-full are known")
    return known[mode]
