"""What a version was judged on, recorded, and run again from its own answers."""

import json
from dataclasses import replace

import pytest

from tests.conftest import LAST_PROMPT, document_of, draft
from workbench.assertions.cases import load_tests
from workbench.case_verdicts import judge
from workbench.cases.record import from_bytes, record_of, to_bytes
from workbench.engine.replay import replay
from workbench.errors import VersionError

BRIEF = draft("brief", last="In short:")


@pytest.fixture
def judged(lab):
    """An experiment of one draft on two documents, twice, that was run."""
    job = lab.job(BRIEF, documents=(document_of(2), document_of(1, "oceans")), repetitions=2)
    job.start()
    assert job.wait(20)
    return job.experiment()


def recorded(judged):
    return record_of(judged, judged.variants[0], "v9", "hash")


def test_a_record_comes_back_as_it_was_written(judged):
    """Documents, answers and outputs of all four runs are in the file, and it is read as it was written."""
    record = recorded(judged)

    again = from_bytes(to_bytes(record), "recorded_v9.json")

    assert again == record
    assert len({case.identity for case in again.cases}) == 4
    assert [case.output for case in again.cases] == [run.output for run in judged.runs]


def test_a_file_that_is_no_record_is_refused():
    """Neither JSON of another form nor a form of another time is read."""
    for content in (b"[]", b"{", b'{"schema": 9}'):
        with pytest.raises(VersionError, match="recorded"):
            from_bytes(content, "recorded_v9.json")


def test_the_form_of_another_time_is_named(judged):
    """A record of form 2 says so."""
    value = json.loads(to_bytes(recorded(judged)))

    with pytest.raises(VersionError, match="form 2"):
        from_bytes(json.dumps({**value, "schema": 2}).encode(), "recorded_v9.json")


def test_runs_are_made_again_without_a_call(judged, lab):
    """From the recorded answers the same outputs come, and nobody is asked."""
    asked = len(lab.endpoint.asked)
    answers = {key: answer for case in recorded(judged).cases for key, answer in case.answers.items()}

    def find(keys):
        return {key: answers[key] for key in keys if key in answers}

    again = replay(judged, lab.versions, find)

    assert [run.output for run in again.runs] == [run.output for run in judged.runs]
    assert {run.calls_made for run in again.runs} == {0}
    assert len(lab.endpoint.asked) == asked


def test_a_missing_answer_fails_its_run_alone(judged, lab):
    """The run that lacks an answer says so, the others are done."""
    answers = {key: answer for case in recorded(judged).cases for key, answer in case.answers.items()}
    last = judged.runs[-1].calls[-1].request.key()
    del answers[last]

    again = replay(judged, lab.versions, lambda keys: {key: answers[key] for key in keys if key in answers})

    assert [run.status for run in again.runs] == ["done", "done", "done", "failed"]
    assert "not kept" in again.runs[-1].error[1]


def test_other_templates_ask_for_other_answers(judged, lab):
    """With an edited prompt the kept answers don't fit, so nothing passes for what was run."""
    answers = {key: answer for case in recorded(judged).cases for key, answer in case.answers.items()}
    edited = replace(BRIEF, templates={LAST_PROMPT: "In Short:\n{results}"})

    again = replay(
        replace(judged, variants=(edited,)),
        lab.versions,
        lambda keys: {key: answers[key] for key in keys if key in answers},
    )

    assert {run.status for run in again.runs} == {"failed"}


def test_assertions_are_for_all_documents_or_for_one(judged):
    """A test without a document counts for every case, one with a document for its cases only."""
    tests = load_tests(
        """
        - vars: {document: oceans.pdf}
          assert: [{type: contains, value: nothing of the kind}]
        - assert: [{type: word-count, value: {min: 1}}]
        """
    )

    verdicts = {case.document.name: judge(case, tests) for case in recorded(judged).cases}

    assert verdicts["gardens.pdf"].score == 1.0 and verdicts["gardens.pdf"].failed == ()
    assert verdicts["oceans.pdf"].score == 0.5
    assert "contains" in verdicts["oceans.pdf"].failed[0]
