"""Which process makes which call: each call is claimed before it is sent, so that one of several makes it.

Claims lie in a database of their own beside the answers: they come and go with every call, and must neither wait for
the answers' file to be tidied up nor make it grow. A claim holds as long as its process lives and doesn't give it up.
"""

import json
import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

from workbench.state.connections import Connections
from workbench.state.database import writing
from workbench.state.processes import Processes

_OWNERS = "SELECT key, owner FROM claim WHERE key IN (SELECT value FROM json_each(?))"


class Claims:
    """Call key -> the process that makes it, in one SQLite file that processes share.

    Args:
        path: The file; made when missing.
        processes: Who is asked who lives, and under whose name is claimed.
        on_gone: Called when a process is found to be gone, before its claims are anybody else's.
    """

    def __init__(self, path: Path, processes: Processes, on_gone: Callable[[], None] = lambda: None) -> None:
        self._processes, self._on_gone = processes, on_gone
        self._connections = Connections(path, _prepare)
        self._is_tidy = False

    def exchange(self, done: Collection[str], wanted: Collection[str]) -> set[str]:
        """Give some claims up and take others; writes nothing when there is nothing to give up or to take.

        Returns:
            Those of the wanted keys that are ours now; the others belong to processes that live.
        """
        if not done:
            wanted = self._not_of_others(wanted)
        if not done and not wanted:
            return set()
        if not self._is_tidy:
            self._is_tidy = True
            self._processes.tidy()
            self._connections.do(self._forget_the_dead)
        return self._connections.do(lambda connection: self._exchange(connection, done, wanted))

    def give_up_all(self) -> None:
        """Nothing is ours any more."""
        mine = self._processes.name()
        self._connections.do(lambda connection: connection.execute("DELETE FROM claim WHERE owner = ?", [mine]))

    def _not_of_others(self, keys: Collection[str]) -> Collection[str]:
        owners = self._connections.do(lambda connection: _owners(connection, keys))
        others = self._living_others(owners.values())
        return [key for key in keys if owners.get(key) not in others]

    def _exchange(self, connection: sqlite3.Connection, done: Collection[str], wanted: Collection[str]) -> set[str]:
        mine = self._processes.name()
        with writing(connection):
            connection.executemany("DELETE FROM claim WHERE key = ? AND owner = ?", [(key, mine) for key in done])
            owners = _owners(connection, wanted)
            others = self._living_others(owners.values())
            if set(owners.values()) - others - {mine}:
                self._on_gone()
            free = [key for key in wanted if owners.get(key) not in others]
            connection.executemany("INSERT OR REPLACE INTO claim VALUES (?, ?)", [(key, mine) for key in free])
        return set(free)

    def _forget_the_dead(self, connection: sqlite3.Connection) -> None:
        owners = [owner for (owner,) in connection.execute("SELECT DISTINCT owner FROM claim")]
        dead = set(owners) - self._living_others(owners) - {self._processes.name()}
        if dead:
            self._on_gone()
            with writing(connection):
                connection.executemany("DELETE FROM claim WHERE owner = ?", [(owner,) for owner in dead])

    def _living_others(self, owners: Collection[str]) -> set[str]:
        mine = self._processes.name()
        return {owner for owner in set(owners) if owner != mine and self._processes.lives(owner)}


def _owners(connection: sqlite3.Connection, keys: Collection[str]) -> dict[str, str]:
    return dict(connection.execute(_OWNERS, [json.dumps(list(keys))])) if keys else {}


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS claim (key TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID")
