"""One run of the engine with a model that only sleeps: how much is asked, of what, and what it took."""

import asyncio
import math
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.prose import text_of_chunks
from workbench import settings
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.models.endpoints import Endpoint, OnQuota, OnText
from workbench.prompts.versions import versions_of
from workbench.records import Answer, CallRequest, Document, Experiment, ModelChoice, Variant

LATENCY = 0.05
_CHUNK_TOKENS = {10: 1500, 100: 1500, 1000: 400}
"""Chunks of a document -> their size: the default, but for 1,000, since a document may have 2 million characters."""
_ANSWER = "The trial drew more visitors, above all in the afternoon, and its cost was modest."


@dataclass(frozen=True)
class Shape:
    """How much is asked."""

    documents: int
    variants: int
    chunks: int

    @property
    def chunk_calls(self) -> int:
        """Calls that don't wait for others."""
        return self.documents * self.variants * self.chunks

    @property
    def calls(self) -> int:
        """All calls: every run ends in one more."""
        return self.chunk_calls + self.documents * self.variants

    def limit(self, in_flight: int) -> float:
        """Seconds that no engine can go below."""
        return math.ceil(self.chunk_calls / in_flight) * LATENCY + LATENCY

    def __str__(self) -> str:
        return f"{self.documents} × {self.variants} × {self.chunks}"


@dataclass(frozen=True)
class Figures:
    """What one run took."""

    wall: float
    """Seconds from the first call to the end of the last run."""
    before: float
    """Seconds from the start to the first call: drivers and chunks."""
    cpu: float
    """CPU seconds of the process over both, chunks not counted."""


class SleepingEndpoint(Endpoint):
    """Answers after 50 ms; knows when its first call came."""

    origin = "sleeping"

    def __init__(self) -> None:
        self.first_call = 0.0
        self.calls = 0

    async def ask(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:  # noqa: ARG002
        """A different answer to each call: equal ones would make equal last calls, which are made once."""
        self.first_call = self.first_call or time.perf_counter()
        self.calls += 1
        text = f"{_ANSWER} So says answer {self.calls}."
        await asyncio.sleep(LATENCY)
        on_text(text)
        return Answer(text, 1500, 25, LATENCY, LATENCY)

    async def close(self) -> None:
        """Nothing to close."""


def documents_of(shape: Shape) -> tuple[Document, ...]:
    """Documents of the wanted number of chunks, all different."""
    texts = [text_of_chunks(shape.chunks, _CHUNK_TOKENS[shape.chunks], seed) for seed in range(shape.documents)]
    return tuple(
        Document(sha256(text.encode()).hexdigest(), f"{place}.pdf", len(text), 1, (text,), "pypdf")
        for place, text in enumerate(texts)
    )


def experiment_of(shape: Shape, documents: tuple[Document, ...]) -> Experiment:
    """Drafts that differ in both prompts, so that no two variants can share a call."""
    variants = tuple(
        Variant(
            f"draft-{number}",
            "v1",
            {
                "summarize_chunk_of_text_prompt": f"Say it in {number} sentences.\n{{chunk}}",
                "summarize_text_from_summaries_prompt": f"{{results}}\n{{query}} Answer in {number} sentences.",
            },
        )
        for number in range(1, shape.variants + 1)
    )
    inputs = {"max_chunk_tokens": _CHUNK_TOKENS[shape.chunks]}
    model = ModelChoice("sleeping", "remote")
    return Experiment(f"bench {shape}", "summarization", model, variants, documents, inputs)


def run_once(experiment: Experiment, shape: Shape, in_flight: int) -> Figures:
    """One run in an empty store; its calls are counted."""
    versions = versions_of("summarization", settings.ROOT)
    with tempfile.TemporaryDirectory() as folder:
        pool = CallPool(CallStore(Path(folder, "calls.db")), in_flight)
        endpoint = SleepingEndpoint()
        cpu, start = time.process_time(), time.perf_counter()
        job = Job(experiment, versions, pool, endpoint)
        job.start()
        job.wait()
        end, cpu = time.perf_counter(), time.process_time() - cpu
        pool.close()
    failed = [run.error for run in job.experiment().runs if run.status != "done"]
    if failed or endpoint.calls != shape.calls:
        raise RuntimeError(f"{shape} made {endpoint.calls} calls of {shape.calls}; failures: {failed[:1]}")
    return Figures(end - endpoint.first_call, endpoint.first_call - start, cpu)
