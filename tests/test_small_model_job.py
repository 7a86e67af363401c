"""The small model that comes along, on the document that comes along."""

import pytest

from workbench import settings
from workbench.documents.reading import read_document
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.models.catalog import choice_named, endpoint_for
from workbench.prompts.versions import versions_of
from workbench.records import Experiment, Variant

PHRASE = 8


def repeated(text: str) -> int:
    """How many phrases of eight words stand in the text more than once."""
    words = text.split()
    phrases = [tuple(words[start : start + PHRASE]) for start in range(len(words) - PHRASE + 1)]
    return len(phrases) - len(set(phrases))


@pytest.mark.small_model
def test_the_small_model_gives_three_different_answers_without_loops(tmp_path):
    """Three versions on the sample give three finished, different answers about trees; none goes in circles."""
    document = read_document(settings.SAMPLE.read_bytes(), settings.SAMPLE.name, tmp_path)
    choice = choice_named("local", {})
    variants = tuple(Variant(label, label) for label in ("v1", "v2", "v3"))
    experiment = Experiment("sample", "summarization", choice, variants, (document,), {})
    pool = CallPool(CallStore(tmp_path / "calls.db"))

    job = Job(experiment, versions_of("summarization", settings.ROOT), pool, endpoint_for(choice, {}))
    job.start()
    assert job.wait(240)
    pool.close()

    runs = job.experiment().runs
    answers = [run.output for run in runs]
    assert [run.error for run in runs] == [None, None, None]
    assert len(set(answers)) == 3
    assert all(len(answer.split()) > 20 and "tree" in answer.lower() for answer in answers)
    assert [repeated(answer) for answer in answers] == [0, 0, 0]
