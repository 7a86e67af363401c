"""How long the Monitoring page waits for its figures: 1,000,000 calls of a year, in SQLite and in PostgreSQL."""

import json
import math
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from sqlalchemy import insert, text

from benchmarks.tables import at_most, table
from tests.postgres import Server, programs
from workbench.history import tables
from workbench.history.database import Database
from workbench.history.monitoring import figures, values
from workbench.history.monitoring_days import day_rows
from workbench.history.monitoring_records import Asked
from workbench.history.rollups import FAILED, bucket_of

_CALLS = 1_000_000
_HOURS = 365 * 24
_CALLS_PER_RUN = 5
_AT_ONCE = 20_000
_KEYS = ("hour", "kind", "dataflow", "version", "model", "source", "bucket")
_SUMS = {"count": 1, "input_tokens": 900, "output_tokens": 120, "cost_usd": 0.001, "seconds": 1.2}
_BOUND_SECONDS = 0.3
_DAYS = {"24 hours": 1, "7 days": 7, "30 days": 30, "90 days": 90, "1 year": 365, "all": 0}


def hour_rows(calls: int, first_hour: int) -> list[dict[str, object]]:
    """What a year of calls leaves: 3 versions one after the other, 2 models, 2 sources, 5 calls a run, 1 % errors."""
    chance = random.Random(1)
    counts: Counter[tuple[object, ...]] = Counter()
    for number in range(calls):
        hour = number * _HOURS // calls
        version = min(2, max(0, int(hour / (_HOURS / 3) + chance.gauss(0, 0.05))))
        seconds = chance.lognormvariate(math.log(1.2 + version), 0.5)
        bucket = FAILED if chance.random() < 0.01 else bucket_of(seconds)
        names = (f"v{version + 1}", f"model-{chance.randrange(2)}", f"service-{chance.randrange(2)}")
        counts[first_hour + hour, "call", "summarization", *names, bucket] += 1
        if number % _CALLS_PER_RUN == 0:
            counts[first_hour + hour, "run", "summarization", *names, bucket_of(seconds * _CALLS_PER_RUN)] += 1
    return [
        dict(zip(_KEYS, key, strict=True)) | {name: each * count for name, each in _SUMS.items()}
        for key, count in sorted(counts.items())
    ]


def fill(database: Database, rows: list[dict[str, object]]) -> None:
    """Put rows in, as they are."""
    with database.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(insert(tables.ROLLUP), rows)
        else:
            populate = text(
                "INSERT INTO rollup SELECT * FROM json_populate_recordset(NULL::rollup, CAST(:rows AS json))"
            )
            for start in range(0, len(rows), _AT_ONCE):
                connection.execute(populate, {"rows": json.dumps(rows[start : start + _AT_ONCE])})
            connection.execute(text("ANALYZE rollup"))  # as the server does by itself, a minute after many rows came in


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Database]]:
    """Empty ones; without PostgreSQL where it isn't installed."""
    found = {"SQLite": Database(folder / "history.db")}
    if (bin_folder := programs()) is None:
        yield found
        return
    own = Path(tempfile.mkdtemp(prefix="postgres_"))
    server = Server(own, bin_folder)
    try:
        server.make()
        server.start()
        yield {**found, "PostgreSQL": Database(server.url(server.new_user()))}
    finally:
        server.stop()
        shutil.rmtree(own, ignore_errors=True)


def seconds_of(database: Database, days: int, now: float) -> float:
    """Of the figures and of what the filters offer, the connection included."""
    start = time.perf_counter()
    with database.reading() as connection:
        figures(connection, Asked(now, now - days * 86_400 if days else 0.0))
        values(connection)
    return time.perf_counter() - start


def measure(*, quick: bool = False) -> str:
    """The table; two minutes, or half of one when quick (a tenth of the calls)."""
    calls, repeats = (_CALLS // 10, 3) if quick else (_CALLS, 7)
    now = time.time()
    hours = hour_rows(calls, int(now // 3600) - _HOURS + 1)
    days = day_rows(hours)
    rows = []
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as found:
        for name, database in found.items():
            fill(database, [*hours, *days])
            for span, length in _DAYS.items():
                taken = [seconds_of(database, length, now) for _ in range(repeats)]
                rows.append(
                    (
                        name,
                        span,
                        f"{len(hours):,} + {len(days):,}",
                        median(taken),
                        at_most(median(taken), _BOUND_SECONDS, "s"),
                    )
                )
    heads = ["database", "span", "rows of hours + days", "seconds", "promised"]
    return table(f"Monitoring: the page's figures of {calls:,} calls in a year, median of {repeats}", heads, rows)
