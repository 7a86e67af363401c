"""Records in the workbench's own database: a SQLite file or PostgreSQL, through SQLAlchemy."""

import time
from pathlib import Path

from sqlalchemy import insert

from dataflows.sql_engine import engine_at
from dataflows.tracker.record_json import to_json
from dataflows.tracker.records import MOST_BYTES, RunRecord
from dataflows.tracker.sink import Sink
from dataflows.tracker.tables import TRACKED_RUN, make_tables, row_values


class Database(Sink):
    """A row of the inbox for each run; the table is made with the first one where it is missing.

    Nothing is opened before, so that a service starts while the database is away.

    Args:
        url: "sqlite:///relative/path", "sqlite:////absolute/path", a plain path, or "postgresql://user@host/database".

    Raises:
        ValueError: The address is none of these, or is PostgreSQL and pg8000 isn't installed.
    """

    def __init__(self, url: str | Path) -> None:
        self._engine = engine_at(url, "tracker")
        self._has_table = False

    def write(self, record: RunRecord) -> None:
        """See Sink.write."""
        body = to_json(record)
        if len(body) > MOST_BYTES:
            raise ValueError(f"run {record.run_id} takes {len(body):,} bytes; at most {MOST_BYTES:,} are stored")
        values = row_values(record.dataflow, record.source, body, time.time())
        try:
            with self._engine.begin() as connection:
                if not self._has_table:
                    make_tables(connection)
                connection.execute(insert(TRACKED_RUN).values(values))
        except Exception:
            self._has_table = False  # somebody may have put another file in its place
            raise
        self._has_table = True

    @property
    def name(self) -> str:
        """See Sink.name."""
        return f"the database {self._engine.url.render_as_string(hide_password=True)}"
