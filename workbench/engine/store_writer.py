"""Who writes to the call store: one thread at a time, with the hits that were counted meanwhile."""

import sqlite3
import threading
from collections.abc import Callable, Sequence

from workbench.engine.call_tables import note_use
from workbench.state.connections import Connections
from workbench.state.database import patience

_NOTE_SECONDS = 0.02


class StoreWriter:
    """Threads take turns here, as those that meet at the file only try again and again."""

    def __init__(self, connections: Connections) -> None:
        self.turn = threading.RLock()
        """Held by the thread that writes."""
        self._connections = connections
        self._counting = threading.Lock()
        self._hits = 0

    def write(self, work: Callable[[sqlite3.Connection, int], None]) -> None:
        """Do the work when it is this thread's turn; it is given the hits that have not been written yet."""
        with self.turn:
            with self._counting:
                hits, self._hits = self._hits, 0
            try:
                self._connections.do(lambda connection: work(connection, hits))
            except sqlite3.Error:
                self._count(hits)
                raise

    def note(self, ids: Sequence[int], hits: int, now: float) -> None:
        """Write that these answers were used now, if nobody writes: who reads doesn't wait.

        A use that is missed makes an answer look a little older; hits are written with what is written next.
        """
        self._count(hits)
        if not self.turn.acquire(timeout=_NOTE_SECONDS):
            return
        try:
            self.write(lambda connection, all_hits: _note(connection, ids, now, all_hits))
        except sqlite3.Error:
            pass  # another process writes, or the disk is full: neither is the reader's business
        finally:
            self.turn.release()

    def _count(self, hits: int) -> None:
        with self._counting:
            self._hits += hits


def _note(connection: sqlite3.Connection, ids: Sequence[int], now: float, hits: int) -> None:
    with patience(connection, _NOTE_SECONDS):
        note_use(connection, ids, now, hits)
