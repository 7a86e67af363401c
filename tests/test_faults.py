"""A whole experiment against an endpoint that does all the wrong things: nothing is lost, nothing counted twice."""

import pytest

from tests.conftest import CHUNK_TOKENS, document_of
from tests.endpoint import FakeEndpoint
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.models.retries import Patience
from workbench.prompts.versions import versions_of
from workbench.records import Experiment, ModelChoice, Variant
from workbench.settings import ROOT

ODDS = {
    "429": 0.03,
    "429 wait": 0.02,
    "500": 0.02,
    "cut": 0.02,
    "no end": 0.02,
    "hang in the middle": 0.01,
    "error event": 0.02,
    "html": 0.02,
    "broken event": 0.02,
    "half an event": 0.02,
    "no choices": 0.02,
}
VARIANTS = (Variant("v1", "v1"), Variant("v2", "v2"), Variant("v3", "v3"))
CHUNKS = 40


def run(folder, server, monkeypatch):
    """Three variants on forty chunks, after they have ended; nobody is asked more often than patience allows."""
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    patience = Patience(attempts=6, first_backoff=0.01)
    endpoint = OpenAIEndpoint(server.url, patience=patience, silence_seconds=0.5)
    pool = CallPool(CallStore(folder / "calls.db"), 20)
    experiment = Experiment(
        id="faults",
        dataflow="summarization",
        model=ModelChoice("fake", "remote"),
        variants=VARIANTS,
        documents=(document_of(CHUNKS),),
        inputs={"max_chunk_tokens": CHUNK_TOKENS},
    )
    try:
        job = Job(experiment, versions_of("summarization", ROOT), pool, endpoint)
        job.start()
        assert job.wait(60)
        return job.experiment()
    finally:
        pool.close()


@pytest.fixture
def clean(tmp_path, monkeypatch):
    """What the experiment gives where nothing goes wrong."""
    (tmp_path / "clean").mkdir()
    with FakeEndpoint() as server:
        return run(tmp_path / "clean", server, monkeypatch)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_result_is_lost_and_no_call_is_counted_twice(clean, tmp_path, monkeypatch, seed):
    """Every fifth request goes wrong in one of eleven ways, and all answers are those of a good day.

    Each call is counted once, however often it was tried; the store holds each answer once.
    """
    with FakeEndpoint(odds=ODDS, seed=seed) as server:
        done = run(tmp_path, server, monkeypatch)

    calls = len(VARIANTS) * (CHUNKS + 1)
    assert [run.output for run in done.runs] == [run.output for run in clean.runs]
    assert {run.status for run in done.runs} == {"done"}
    assert sum(run.calls_made for run in done.runs) == calls == server.answered
    assert len(server.requests) > calls
    assert CallStore(tmp_path / "calls.db").counts().answers == calls


def test_what_stays_wrong_is_one_failed_call_with_its_reason(tmp_path, monkeypatch):
    """One chunk that is refused for good fails alone: its brothers are answered, and it says what to change."""
    with FakeEndpoint(fault=lambda seen: "context" if "Part 9 of" in seen.prompt else "") as server:
        done = run(tmp_path, server, monkeypatch)

    failed = [call for run in done.runs for call in run.calls if call.error]
    assert {run.status for run in done.runs} == {"failed"}
    assert len(failed) == len(VARIANTS)
    assert all(call.hint for call in failed)
    assert sum(run.calls_made for run in done.runs) == len(VARIANTS) * (CHUNKS - 1) == server.answered
