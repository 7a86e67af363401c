"""SQLite as the workbench uses it."""

import sqlite3
from pathlib import Path


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode that waits up to 30 s for other writers.

    The time limit comes first: switching to WAL takes a lock of its own.
    """
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection
