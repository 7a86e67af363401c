"""How near the engine comes to what its endpoint allows: wall time ÷ limit, and the engine's own CPU per call.

The endpoint is in the process and only sleeps, so nothing but the engine is between a call and its answer.

    limit = ceil(chunk calls / in flight) x latency + latency of the last call
"""

import asyncio
import time
from statistics import median

from benchmarks.sleeping_runs import LATENCY, Shape, documents_of, experiment_of, run_once
from benchmarks.tables import at_most, table
from workbench import settings
from workbench.engine.preparation import prepare
from workbench.engine.shared_nodes import shared_nodes
from workbench.prompts.versions import versions_of
from workbench.records import Experiment

_RATIO_BOUND = 1.10
_CPU_BOUND_MS = 0.5
_REPEATS = 3


def chunking(experiment: Experiment) -> tuple[float, float]:
    """Wall and CPU seconds of the shared nodes, chunks above all; runs after it in this process make none again."""
    prepared = prepare(experiment, versions_of("summarization", settings.ROOT))
    cpu, start = time.process_time(), time.perf_counter()
    for document in experiment.documents:
        shared_nodes(prepared, document)
    return time.perf_counter() - start, time.process_time() - cpu


def bare_sleeps(shape: Shape, in_flight: int) -> tuple[float, float]:
    """Wall and CPU seconds of the same sleeps in a bare asyncio loop: the yardstick of the same minute."""

    async def all_calls() -> None:
        places = asyncio.Semaphore(in_flight)

        async def call() -> None:
            async with places:
                await asyncio.sleep(LATENCY)

        async def one_run() -> None:
            await asyncio.gather(*(call() for _ in range(shape.chunks)))
            await call()

        await asyncio.gather(*(one_run() for _ in range(shape.documents * shape.variants)))

    cpu, start = time.process_time(), time.perf_counter()
    asyncio.run(all_calls())
    return time.perf_counter() - start, time.process_time() - cpu


def measure(*, quick: bool = False) -> str:
    """The table; 70 s, or 10 s when quick."""
    small, usual, wide = Shape(1, 4, 10), Shape(3, 4, 100), Shape(1, 1, 1000)
    cases = [(usual, 16)] if quick else [(shape, c) for shape in (small, usual, wide) for c in (16, 64)]
    run_once(experiment_of(small, documents_of(small)), small, 16)  # loads the tokenizer and Hamilton
    rows: list[tuple[object, ...]] = []
    for shape, in_flight in cases:
        experiment = experiment_of(shape, documents_of(shape))
        chunk_wall, _ = chunking(experiment)
        limit = shape.limit(in_flight)
        runs, bare = [], []
        for _ in range(1 if quick else _REPEATS):
            bare.append(bare_sleeps(shape, in_flight))
            runs.append(run_once(experiment, shape, in_flight))
        ratio = median(run.wall for run in runs) / limit
        own = median(run.cpu - sleeps for run, (_, sleeps) in zip(runs, bare, strict=True)) / (shape.calls / 1000)
        promised = shape == usual and in_flight == 16
        rows.append(
            (
                f"{shape}, {in_flight} in flight",
                shape.calls,
                limit,
                ratio,
                at_most(ratio, _RATIO_BOUND) if promised else "",
                median(wall for wall, _ in bare) / limit,
                own,
                at_most(own, _CPU_BOUND_MS, "ms") if promised else "",
                median(run.before for run in runs),
                chunk_wall,
            )
        )
    heads = (
        "documents × variants × chunks",
        "calls",
        "limit, s",
        "calls' wall ÷ limit",
        "promised",
        "bare asyncio ÷ limit",
        "own CPU per call, ms",
        "promised",
        "start to first call, s",
        "all chunking alone, s",
    )
    return table("Engine: 50 ms a call, no HTTP", heads, rows)
