"""Answers of model calls, kept by everything that decides them."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.engine import call_tables as tables
from workbench.engine import store_room as room
from workbench.engine.call_tables import Counts
from workbench.engine.journal import journal_folder, left_behind
from workbench.engine.store_writer import StoreWriter
from workbench.records import Answer
from workbench.settings import store_limit
from workbench.state.connections import Connections
from workbench.state.processes import Processes
from workbench.state.stored_json import from_bytes, to_bytes

_FRESH_SECONDS = 60.0


class CallStore:
    """Call key -> answer, in one SQLite file (WAL) that threads and processes share.

    What keep() has kept is there whatever happens to the process; a power failure may cost the last of it. When the
    file gets too big, the answers used longest ago are forgotten.

    Args:
        path: The file; made when missing.
        limit: Gives the most bytes on disk; asked at each keep(). By default the limit in force for the file's folder.
        clock: Gives seconds since the epoch.

    Raises:
        UsageError: WORKBENCH_STORE_MB makes no sense.
    """

    def __init__(
        self, path: Path, limit: Callable[[], int] | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.path = path
        self._limit = limit or (lambda: store_limit(path.parent).bytes)
        self._clock = clock
        self._connections = Connections(path, tables.prepare)
        self._writer = StoreWriter(self._connections)
        self._processes = Processes(path.parent)
        self._is_full = False
        self._limit()
        self.version()
        self.recover()

    def find(self, keys: Sequence[str], since: float = 0.0) -> dict[str, Answer]:
        """The answers that are kept for these keys and were made at or after `since` (seconds since the epoch)."""
        rows = self._rows(keys, since)
        found = _answers(rows)
        if found:
            now = self._clock()
            stale = [row.id for row in rows if row.used_at < now - _FRESH_SECONDS]
            self._writer.note(stale, len(found), now)
        return found

    def peek(self, keys: Sequence[str], since: float = 0.0) -> dict[str, Answer]:
        """What find() would give, for who plans: counts as no use."""
        return _answers(self._rows(keys, since))

    def has(self, keys: Sequence[str], since: float = 0.0) -> set[str]:
        """Those of the keys that find() would answer; reads no answer and counts as no use."""
        return self._connections.do(lambda connection: tables.known(connection, keys, since))

    def keep(self, answers: Mapping[str, Answer], made_at: float | None = None) -> None:
        """Keep answers by their keys, all or none; older ones under the same keys are replaced.

        In one transaction: its end costs several times as much as a row.

        Args:
            answers: By their keys.
            made_at: When they were made (seconds since the epoch); None: now.
        """
        if not answers:
            return
        values = [(key, to_bytes(vars(answer))) for key, answer in answers.items()]
        when = self._clock() if made_at is None else made_at
        self._writer.write(lambda connection, hits: tables.put(connection, values, when, hits))
        limit = self._limit()
        self._is_full = self._is_full or self._connections.do(room.bytes_used) > limit
        if self._is_full:
            self._make_room(limit, at_once=False)

    def recover(self) -> None:
        """Keep what processes that were killed had written down and not kept yet; costs next to nothing without any."""
        for path, answers in left_behind(journal_folder(self.path), self._processes):
            with _logged("answers of a killed process could not be kept"):
                lost = {key: own for key, own in answers.items() if not self.has([key], own.made_at)}
                self.keep(lost, min((own.made_at for own in lost.values()), default=None))
                path.unlink(missing_ok=True)

    def shrink(self) -> None:
        """Bring a store that is over its limit under it at once, which may take seconds."""
        limit = self._limit()
        if self._connections.do(room.bytes_used) > limit:
            self._make_room(limit, at_once=True)

    def empty(self) -> None:
        """Forget all answers and counts, and give the room back to the disk; runs may go on meanwhile."""
        with self._writer.turn:
            self.recover()  # else they would come back
            self._writer.write(lambda connection, _: tables.clear(connection))
            with _logged("the room of the forgotten answers could not be given back"):
                self._connections.do(room.rewrite_file)

    def counts(self) -> Counts:
        """How much is kept, and how often it was of use."""
        return self._connections.do(tables.counts)

    def version(self) -> int:
        """A number that is another one whenever an answer was kept or forgotten, by any process."""
        return self._connections.do(tables.version)

    def _rows(self, keys: Sequence[str], since: float) -> list[tables.Row]:
        return self._connections.do(lambda connection: tables.rows(connection, keys, since))

    def _make_room(self, limit: int, at_once: bool) -> None:
        """Forget what was used longest ago; unless at once, a part with each keep, as calls wait meanwhile."""
        with self._writer.turn, _logged("the store could not be brought under its limit"):
            while self._connections.do(lambda connection: room.drop_oldest(connection, room.goal_of(limit))):
                if not at_once and self._connections.do(room.bytes_used) <= limit:
                    return
            self._is_full = False
            self._connections.do(lambda connection: room.shrink_file(connection, limit))


@contextmanager
def _logged(message: str) -> Iterator[None]:
    """An error of the disk is noted: what was to be done is done the next time."""
    try:
        yield
    except (sqlite3.Error, OSError):
        logging.getLogger(__name__).exception(message)


def _answers(rows: Sequence[tables.Row]) -> dict[str, Answer]:
    """Without those that can't be read: their calls are made again, and the new answers replace them."""
    answers = {}
    for row in rows:
        with suppress(ValueError, TypeError):
            # The release before kept no time in the answer itself.
            answers[row.key] = Answer(**{"made_at": row.made_at, **from_bytes(row.value)})
    return answers
