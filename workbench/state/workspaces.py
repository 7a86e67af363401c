"""What one browser has on its bench: drafts, choices, the document at hand. Survives refresh and restart."""

import re
import secrets
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from workbench.state.database import connect
from workbench.state.stored_json import from_bytes, to_bytes

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def new_workspace() -> str:
    """An id that can't be guessed (128 bits), so that nobody sees another's bench."""
    return secrets.token_urlsafe(16)


def is_workspace(text: str) -> bool:
    """Whether a text from outside has the form of an id."""
    return _ID.fullmatch(text) is not None


class Workspaces:
    """Named JSON values per workspace, in one SQLite file that processes share."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(connect(path)) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS item (workspace TEXT, name TEXT, value BLOB NOT NULL, "
                "changed_at REAL NOT NULL, PRIMARY KEY (workspace, name))"
            )

    def read(self, workspace: str) -> dict[str, Any]:
        """All values of a workspace; empty for a new one."""
        with closing(connect(self._path)) as connection:
            rows = connection.execute("SELECT name, value FROM item WHERE workspace = ?", (workspace,)).fetchall()
        return {name: from_bytes(value) for name, value in rows}

    def write(self, workspace: str, name: str, value: Any) -> None:
        """Keep a JSON value; it is on disk when this returns."""
        with closing(connect(self._path)) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)", (workspace, name, to_bytes(value), time.time())
            )
