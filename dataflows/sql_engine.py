"""SQLAlchemy engines for databases that several services and the workbench use at once."""

import os
import sqlite3
import ssl
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

_PATIENCE_SECONDS = 60.0
_TIMEOUT_SECONDS = 10.0
_FORMS = "write a path, sqlite:///path or postgresql://user@host/database"


def engine_at(url: str | Path, application: str, connections: int = 1) -> Engine:
    """An engine to which forks and restarts of the database don't matter.

    In SQLite a transaction is a writer from its begin, unless the connection has the execution option reading=True.

    Args:
        url: "sqlite:///relative/path", "sqlite:////absolute/path", a plain path, or "postgresql://user@host/database".
        application: What PostgreSQL lists its connections as.
        connections: That are kept open between uses in PostgreSQL; a SQLite file is opened for each.

    Raises:
        ValueError: The address is none; no message repeats it, as it may hold a password.
    """
    try:
        address = make_url(str(url)) if "://" in str(url) else URL.create("sqlite", database=str(url))
    except (SQLAlchemyError, ValueError):
        raise ValueError(f"the database's address can't be read; {_FORMS}") from None
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.get_backend_name() in ("postgresql", "postgres"):
        return _postgresql(address, application, connections)
    raise ValueError(f"the database's address begins with {address.drivername[:40]!a}; {_FORMS}")


def _sqlite(address: URL) -> Engine:
    if not address.database or address.database == ":memory:":
        raise ValueError(f"the database's address names no file; {_FORMS}")
    # What a relative path means is settled now: the process may change its folder.
    address = address.set(database=str(Path(address.database).absolute()))
    engine = create_engine(address, poolclass=NullPool, connect_args={"timeout": _PATIENCE_SECONDS})
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Transactions are begun by _begin_sqlite, not by the driver.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    deadline = time.monotonic() + _PATIENCE_SECONDS
    # Readers go on while somebody writes; the file stays so. SQLite doesn't wait where several switch it at once.
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.005)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once where somebody wrote between.
    reads_only = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _postgresql(address: URL, application: str, connections: int) -> Engine:
    if find_spec("pg8000") is None:
        raise ValueError("a database in PostgreSQL needs the package pg8000; install it")
    if not address.username:
        raise ValueError("the database's postgresql:// address has no user; write postgresql://user@host/database")
    mode = str(address.query.get("sslmode", "prefer"))
    password = address.password or os.environ.get("PGPASSWORD") or None
    address = address.set(drivername="postgresql+pg8000", password=password).difference_update_query(["sslmode"])
    arguments = {"ssl_context": _ssl_context(mode), "timeout": _TIMEOUT_SECONDS, "application_name": application}
    engine = create_engine(address, pool_size=connections, pool_pre_ping=True, connect_args=arguments)
    # A forked child must not speak on its parent's connection, nor close it.
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))
    return engine


def _ssl_context(mode: str) -> ssl.SSLContext | bool | None:
    """What pg8000 is told: None encrypts where the server can, True always, a context also proves who the server is."""
    if mode == "verify-full":
        return ssl.create_default_context()
    known = {"disable": False, "prefer": None, "require": True}
    if mode not in known:
        raise ValueError(f"sslmode is {mode[:40]!a}; disable, prefer, require and verify-full are known")
    return known[mode]
