"""What the tracker costs a service: (run with it − run without it) ÷ nodes, on a chain of 200 nodes that do nothing."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("HAMILTON_AUTOLOAD_EXTENSIONS", "0")

from hamilton import ad_hoc_utils, driver
from opentelemetry.sdk.trace import TracerProvider

from benchmarks.tables import at_most, table
from dataflows.tracker import JsonLines, Sink, Tracker
from dataflows.tracker.database import Database
from dataflows.tracker.open_telemetry import OpenTelemetry

_NODES = 200
_BOUND_US = 100.0
_REPEATS = 60


def chain(*adapters: Tracker) -> driver.Driver:
    """Each node adds 1 to the one before it."""
    functions = []
    for number in range(_NODES):
        before = f"node_{number - 1}" if number else "start"
        functions.append(_adding(f"node_{number}", before))
    module = ad_hoc_utils.create_temporary_module(*functions)
    return driver.Builder().with_modules(module).with_adapters(*adapters).build()


def _adding(name: str, before: str) -> Callable[..., int]:
    names: dict[str, Callable[..., int]] = {}
    exec(f"def {name}({before}: int) -> int:\n    return {before} + 1\n", names)
    return names[name]


def seconds_of(built: driver.Driver) -> float:
    """Of one execution."""
    start = time.perf_counter()
    built.execute([f"node_{_NODES - 1}"], inputs={"start": 0})
    return time.perf_counter() - start


def measure(*, quick: bool = False) -> str:
    """The table; 20 s, or 5 s when quick."""
    with tempfile.TemporaryDirectory() as folder:
        sinks: dict[str, list[Sink]] = {
            "off": [],
            "JSON lines": [JsonLines(Path(folder) / "runs.jsonl")],
            "traces": [OpenTelemetry(TracerProvider())],
            "database (SQLite)": [Database(Path(folder) / "history.db")],
        }
        rows = [_row(name, own, 10 if quick else _REPEATS) for name, own in sinks.items()]
    heads = [
        "tracker",
        "without µs/node",
        "with µs/node",
        "ratio",
        "tracker µs/node",
        "promised",
        "with writing µs/node",
    ]
    return table(f"Tracker: {_NODES} nodes in a row, median of {10 if quick else _REPEATS} runs in turn", heads, rows)


def _row(name: str, sinks: list[Sink], repeats: int) -> tuple[object, ...]:
    tracker = Tracker("benchmark", source="benchmark", sinks=sinks)
    bare, tracked = chain(), chain(tracker)
    for built in (bare, tracked):
        seconds_of(built)
    tracker.flush()
    alone, beside, written = [], [], []
    for _ in range(repeats):
        alone.append(seconds_of(bare))
        start = time.perf_counter()
        beside.append(seconds_of(tracked))
        tracker.flush()
        written.append(time.perf_counter() - start)
    without, with_it, until_written = (median(figures) / _NODES * 1e6 for figures in (alone, beside, written))
    own = with_it - without
    return name, without, with_it, with_it / without, own, at_most(own, _BOUND_US, "µs"), until_written - without
