"""The history of a project: every run that was made, kept for good."""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from workbench.errors import HistoryError
from workbench.history import finding, listing, opening, tables
from workbench.history.database import Database
from workbench.history.deleting import delete_old, delete_runs, dependents
from workbench.history.finding import Match
from workbench.history.kept import Choices, Dependents, Filters, KeptRun, Page, RunRow
from workbench.history.opening import OpenedRun
from workbench.history.services import take_in
from workbench.history.spool import Spool
from workbench.history.writing import put

_ALL = Filters()
_LONGEST_NAME = 120
_LONGEST_NOTE = 4_000
_log = logging.getLogger(__name__)


class History:
    """Runs in a database that any number of threads, processes and machines share.

    Args:
        url: See Database.
        spool: Where runs wait that can't be put in yet: the database was away, or a command had no time for it.
    """

    def __init__(self, url: str | Path, spool: Spool) -> None:
        self._database = Database(url)
        self._spool = spool

    @property
    def place(self) -> str:
        """Where it is, for people; without a password."""
        return self._database.place

    def record(self, run: KeptRun) -> None:
        """Keep a run; when this returns, it is kept whatever happens to the process.

        Where the database is away, it waits on the disk and comes in later.
        """
        try:
            self.put([run])
        except HistoryError as error:
            _log.warning("%s The run %s waits on the disk.", error.message, run.id)
            self._spool.add(run)

    def put(self, runs: Sequence[KeptRun]) -> None:
        """Keep runs, all or none of them; those that are there already are left as they are.

        Raises:
            HistoryError: The database can't be asked.
        """
        with self._database.writing() as connection:
            for run in runs:
                put(connection, run)

    def drain(self) -> int:
        """Take in what waits on the disk, and what services told of; how many runs it were.

        Raises:
            HistoryError: The database can't be asked.
        """
        taken = 0
        for names, runs in self._spool.batches():
            self.put(runs)
            self._spool.remove(names)
            taken += len(runs)
        return taken + self._from_services()

    def _from_services(self) -> int:
        """Runs that services put into the same database, in small transactions."""
        taken = 0
        while True:
            with self._database.writing() as connection:
                new = take_in(connection)
            taken += new
            if not new:
                return taken

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection for questions of others: monitoring, lineage.

        Raises:
            HistoryError: The database can't be asked.
        """
        return self._database.reading()

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction for rows of others: reviews.

        Raises:
            HistoryError: The database can't be asked.
        """
        return self._database.writing()

    def runs(self, filters: Filters = _ALL, cursor: str = "", size: int = listing.PAGE) -> Page:
        """See list_runs."""
        with self._database.reading() as connection:
            return listing.list_runs(connection, filters, cursor, size)

    def choices(self) -> Choices:
        """What filters can be set to."""
        with self._database.reading() as connection:
            return listing.choices(connection)

    def row(self, run_id: str) -> RunRow | None:
        """A run as it stands in lists."""
        with self._database.reading() as connection:
            return listing.row_of(connection, run_id)

    def open(self, run_id: str) -> OpenedRun:
        """See open_run."""
        with self._database.reading() as connection:
            return opening.open_run(connection, run_id)

    def text(self, sha256: str) -> str | None:
        """A text that some run has, by its SHA-256."""
        with self._database.reading() as connection:
            return opening.text_of(connection, sha256)

    def texts_of(self, rows: Sequence[RunRow]) -> list[tuple[str, dict[str, str]]]:
        """Output and prompts (node -> text) of each run; empty where a text is not kept."""
        with self._database.reading() as connection:
            return opening.texts_of(connection, rows)

    def prompts_of(self, rows: Sequence[RunRow]) -> dict[int, dict[str, str]]:
        """See prompts_of of opening."""
        with self._database.reading() as connection:
            return opening.prompts_of(connection, rows)

    def makers(self, pasted: str) -> list[Match]:
        """See find_makers."""
        with self._database.reading() as connection:
            return finding.find_makers(connection, pasted)

    def makers_of_calls(self, keys: Sequence[str], before: int) -> dict[str, RunRow]:
        """Request key -> the last run before this one that paid for its answer."""
        made = tables.MADE.c
        query = select(made.key, made.seq).where(made.key.in_(list(keys)[:2_000]), made.seq < before).order_by(made.seq)
        with self._database.reading() as connection:
            found = {row.key: row.seq for row in connection.execute(query)}
            rows = {row.seq: row for row in listing.rows_of(connection, sorted(set(found.values())))}
        return {key: rows[seq] for key, seq in found.items() if seq in rows}

    def mark(self, run_id: str, *, by: str, **values: Any) -> None:
        """Star, name or annotate a run.

        Args:
            run_id: Which.
            by: Who does.
            values: Any of starred (bool), name (120 characters) and note (4,000).

        Raises:
            HistoryError: There is no such run, or a text is too long.
        """
        for name, most in (("name", _LONGEST_NAME), ("note", _LONGEST_NOTE)):
            if (size := len(values.get(name, ""))) > most:
                raise HistoryError(f"The {name} has {size:,} characters; at most {most:,} are kept.", "Shorten it.")
        with self._database.writing() as connection:
            row = listing.row_of(connection, run_id)
            if row is None:
                raise HistoryError(f"The history has no run {run_id[:60]!a}.")
            before: Mapping[str, Any] = {"starred": row.starred, "name": row.name, "note": row.note}
            told = {**before, **values, "changed_at": time.time(), "changed_by": by[:120]}
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            statement = dialect.insert(tables.MARK).values(seq=row.seq, **told)
            connection.execute(statement.on_conflict_do_update(index_elements=["seq"], set_=told))

    def dependents(self, run_ids: Sequence[str]) -> Dependents:
        """What deleting these runs would take along."""
        with self._database.reading() as connection:
            return dependents(connection, self._seqs(connection, run_ids))

    def delete(self, run_ids: Sequence[str]) -> int:
        """Delete runs; how many there were."""
        with self._database.writing() as connection:
            seqs = self._seqs(connection, run_ids)
            delete_runs(connection, seqs)
            return len(seqs)

    def delete_old(self, days: int, now: float | None = None) -> int:
        """Delete what is older than this many days and not starred, in small transactions; how many it were."""
        total = 0
        while True:
            with self._database.writing() as connection:
                gone = delete_old(connection, days, now)
            total += gone
            if not gone:
                return total

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _seqs(self, connection: Any, run_ids: Sequence[str]) -> list[int]:
        query = select(tables.RUN.c.seq).where(tables.RUN.c.id.in_(list(run_ids)[:1_000]))
        return [int(seq) for seq in connection.execute(query).scalars()]
