"""A document of 1,000 chunks, by hand and by the workbench: seconds, memory, and CPU of each call."""

import math
import tempfile
from pathlib import Path

from benchmarks.chunked_pdf import chunked_pdf
from benchmarks.commands import Took
from benchmarks.endpoint_process import EndpointProcess
from benchmarks.engine import bare_sleeps
from benchmarks.sleeping_runs import Shape, documents_of, experiment_of, run_once
from benchmarks.tables import at_most, table
from benchmarks.ways import Work, ours, versions, yardstick

_LATENCY = 0.2
_IN_FLIGHT = 20
_CHUNKS = 1000
_CHUNK_TOKENS = 400
_LIMIT = math.ceil(_CHUNKS / _IN_FLIGHT) * _LATENCY + _LATENCY
_PEAK_MB = 300.0
_CPU_MS = 0.5


def own_cpu_ms() -> float:
    """CPU of the engine for each call, in ms: with a model that only sleeps, less that of the sleeps.

    Of a second run in this process, whose chunks are there already.
    """
    shape = Shape(1, 1, _CHUNKS)
    experiment = experiment_of(shape, documents_of(shape))
    runs = [run_once(experiment, shape, _IN_FLIGHT) for _ in range(2)]
    _, sleeps = bare_sleeps(shape, _IN_FLIGHT)
    return (runs[-1].cpu - sleeps) / shape.calls * 1000


def measure() -> str:
    """The table; two minutes."""
    asked = versions(1)
    with tempfile.TemporaryDirectory() as folder, EndpointProcess(_LATENCY) as server:
        document = Path(folder, "thousand-chunks.pdf")
        document.write_bytes(chunked_pdf(_CHUNKS, _CHUNK_TOKENS))
        work = Work(document, server.url, _CHUNK_TOKENS, _IN_FLIGHT)
        by_hand = [yardstick(work, asked, made(Path(folder, "by hand"))) for _ in range(2)]
        all_of_it = ours(work, asked, made(Path(folder, "all of it")))
        home = made(Path(folder, "calls only"))
        # The first one reads the document; the second does all that the run after it does, but the calls.
        plan = [ours(work, asked, home, plan=True) for _ in range(2)][1]
        calls_only = ours(work, asked, home)
        again = ours(work, asked, home)
        if (seen := len(server.take())) != 3 * (_CHUNKS + 1):
            raise RuntimeError(f"the endpoint saw {seen} requests, not {3 * (_CHUNKS + 1)}")
    own = own_cpu_ms()
    peak = max(took.peak_mb for took in (all_of_it, calls_only, again))
    client = "CPU of a call with its HTTP, ms"
    rows = [
        ("by hand: httpx, SQLite", *_row(by_hand[0], by_hand[1]), by_hand[0].peak_mb, "", _cpu(*by_hand), "–", ""),
        (
            "ours",
            *_row(all_of_it, again),
            peak,
            at_most(peak, _PEAK_MB, "MB"),
            _cpu(calls_only, plan),
            own,
            at_most(own, _CPU_MS, "ms"),
        ),
    ]
    heads = (
        "way",
        "seconds (× limit)",
        "once more, s",
        "peak MB",
        "promised",
        client,
        "own CPU of a call, ms",
        "promised",
    )
    return table(f"A document of {_CHUNKS:,} chunks, one version, {_LATENCY * 1000:.0f} ms a call", heads, rows)


def made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _row(first: Took, again: Took) -> tuple[str, float]:
    return f"{first.seconds:.1f} ({first.seconds / _LIMIT:.2f} ×)", again.seconds


def _cpu(first: Took, without_calls: Took) -> float:
    return (first.cpu - without_calls.cpu) / (_CHUNKS + 1) * 1000
