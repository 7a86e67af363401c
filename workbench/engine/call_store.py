"""Answers of model calls, kept by everything that decides them."""

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.records import Answer
from workbench.state.database import connect
from workbench.state.stored_json import from_bytes, to_bytes

_KEYS_PER_SELECT = 500


class CallStore:
    """Call key -> answer, in one SQLite file (WAL) that threads and processes share.

    Answers are on disk when keep() returns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._connection().execute(
            "CREATE TABLE IF NOT EXISTS call (key TEXT PRIMARY KEY, answer BLOB NOT NULL, made_at REAL NOT NULL)"
        )

    def find(self, keys: Sequence[str], since: float = 0.0) -> dict[str, Answer]:
        """The answers that are kept for these keys and were made at or after `since` (seconds since the epoch)."""
        found: dict[str, Answer] = {}
        for start in range(0, len(keys), _KEYS_PER_SELECT):
            part = keys[start : start + _KEYS_PER_SELECT]
            marks = ",".join("?" * len(part))
            rows = self._connection().execute(
                f"SELECT key, answer FROM call WHERE key IN ({marks}) AND made_at >= ?",  # noqa: S608 only marks go in
                [*part, since],
            )
            found.update((key, Answer(**from_bytes(answer))) for key, answer in rows)
        return found

    def keep(self, answers: Mapping[str, Answer]) -> None:
        """Keep answers by their keys, all or none; older ones under the same keys are replaced.

        In one transaction: its end costs several times as much as a row.
        """
        now = time.time()
        rows = [(key, to_bytes(vars(answer)), now) for key, answer in answers.items()]
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            connection.executemany("INSERT OR REPLACE INTO call VALUES (?, ?, ?)", rows)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path)
        return connection
