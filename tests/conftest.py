"""Fixtures that several tests share."""

import hashlib
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("HAMILTON_AUTOLOAD_EXTENSIONS", "0")

import hypothesis
import pytest

from tests.scripted import ScriptedEndpoint
from workbench import settings
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.engine.plan import Plan, plan_of
from workbench.prompts.versions import read_version, versions_of
from workbench.records import Document, Experiment, ModelChoice, Variant, Version

# Shells have what they start in the background ignore Ctrl+C, and all that it starts; commands are tested as in front.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A project that was chosen in a developer's app is not what the tests are about.
settings.open_project(settings.ROOT)

# How long an example takes says how busy the machine is; tests that claim a time measure it themselves.
hypothesis.settings.register_profile(
    "suite", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

CHUNK_PROMPT = "summarize_chunk_of_text_prompt"
LAST_PROMPT = "summarize_text_from_summaries_prompt"
CHUNK_TOKENS = 200


def document_of(chunks: int, topic: str = "gardens") -> Document:
    """A document that is read in this many chunks of at most CHUNK_TOKENS tokens: four sentences of 48 tokens each."""
    sentences = [f"Part {number} of {topic} says {'well ' * 39}so." for number in range(4 * chunks)]
    text = " ".join(sentences)
    return Document(hashlib.sha256(text.encode()).hexdigest(), f"{topic}.pdf", len(text), 1, (text,), "pypdf")


def draft(label: str, base: str = "v3", *, chunk: str = "", last: str = "", **inputs) -> Variant:
    """A draft whose prompts begin with these words; an empty one is the base's."""
    templates = {
        CHUNK_PROMPT: f"{chunk}\n{{chunk}}" if chunk else "",
        LAST_PROMPT: f"{last}\n{{results}}" if last else "",
    }
    return Variant(label, base, {name: text for name, text in templates.items() if text}, inputs)


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether the condition came true; it is looked at a thousand times a second."""
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.001)
    return met


class Lab:
    """A pool, its store and an endpoint, and experiments that are run with them."""

    def __init__(self, folder: Path, endpoint: ScriptedEndpoint, in_flight: int = 16) -> None:
        self.folder = folder
        self.endpoint = endpoint
        self.store = CallStore(folder / "calls.db")
        self.pool = CallPool(self.store, in_flight)
        self.versions: dict[str, Version] = versions_of("summarization", settings.ROOT)

    def experiment(self, *variants: Variant, documents=None, inputs=None, **options) -> Experiment:
        """An experiment that has not been run; options are its other fields."""
        fields = {"id": secrets.token_hex(8), "dataflow": "summarization", "model": ModelChoice("scripted", "remote")}
        fields |= {"inputs": {"max_chunk_tokens": CHUNK_TOKENS, **(inputs or {})}, **options}
        return Experiment(variants=variants, documents=tuple(documents or [document_of(20)]), **fields)

    def job(self, *variants: Variant, on_end=None, on_run=None, **options) -> Job:
        """A job that has not been started."""
        experiment, told = self.experiment(*variants, **options), {"on_end": on_end, "on_run": on_run}
        return Job(experiment, self.versions, self.pool, self.endpoint, **told)

    def plan(self, *variants: Variant, **options) -> Plan:
        """What the experiment will cost."""
        return plan_of(self.experiment(*variants, **options), self.versions, self.store)

    def run(self, *variants: Variant, **options) -> Experiment:
        """The experiment after all its runs have ended."""
        job = self.job(*variants, **options)
        job.start()
        assert job.wait(30)
        return job.experiment()

    def calls_of(self, *variants: Variant, **options) -> int:
        """How many calls reached the endpoint for this experiment, all of whose runs are done."""
        before = len(self.endpoint.asked)
        experiment = self.run(*variants, **options)
        assert [run.status for run in experiment.runs] == ["done"] * len(experiment.runs)
        return len(self.endpoint.asked) - before

    def add_version(self, number: int, source: str) -> str:
        """A prompts_vN.py of this lab's own; its label."""
        path = self.folder / f"prompts_v{number}.py"
        path.write_text(source, encoding="utf-8")
        self.versions[f"v{number}"] = read_version("summarization", number, path)
        return f"v{number}"


@pytest.fixture
def make_lab(tmp_path, monkeypatch) -> Iterator[type[Lab]]:
    """Makes labs with an endpoint of one's own; their pools are closed in the end."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://scripted")
    labs = []

    def make(endpoint: ScriptedEndpoint | None = None, in_flight: int = 16) -> Lab:
        labs.append(Lab(tmp_path, endpoint or ScriptedEndpoint(), in_flight))
        return labs[-1]

    yield make
    for lab in labs:
        lab.pool.close()


@pytest.fixture
def lab(make_lab) -> Lab:
    """A lab whose endpoint answers at once."""
    return make_lab()
