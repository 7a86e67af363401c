from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.test_record_json import EXPERIMENTS
from workbench.records import Document, Experiment, ModelChoice, Run
from workbench.state.history import History

EXPERIMENT = Experiment("id", "flow", ModelChoice("m", "remote"), (), (), {})


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "workbench.db")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EXPERIMENTS)
def test_history_gives_back_what_it_was_given(history, experiment):
    """Any experiment whose runs have ended comes back equal, but for the documents' texts, which are kept elsewhere."""
    kept = replace(experiment, documents=tuple(replace(own, page_texts=()) for own in experiment.documents))
    named = replace(experiment, id=experiment.id.encode("ascii", "ignore").decode().replace("\0", "") or "id")

    history.save("me", named)

    assert history.load("me", named.id) == replace(kept, id=named.id)


@pytest.mark.parametrize("status", ["waiting", "running"])
def test_a_run_that_went_on_comes_back_as_stopped(history, status):
    """What the app was doing when it ended is a stopped run with a reason; ended runs are left alone."""
    done = Run("v1", "d", "done", output="yes")
    history.save("me", replace(EXPERIMENT, runs=(done, Run("v2", "d", status))))

    first, second = history.load("me", "id").runs

    assert first == done
    assert second.status == "stopped"
    assert second.error[0] == "StopError" and second.hint


def test_the_last_save_counts(history):
    """An experiment that is saved again replaces what was kept."""
    history.save("me", EXPERIMENT)

    history.save("me", replace(EXPERIMENT, seconds=7.0))

    assert history.load("me", "id").seconds == 7.0


def test_another_workspace_sees_nothing(history):
    """An experiment is found by its own workspace only, and an unknown id by none."""
    history.save("me", EXPERIMENT)

    assert history.load("you", "id") is None
    assert history.load("me", "other") is None


def test_another_process_finds_what_was_saved(tmp_path):
    """A second history on the same file has it, without the document's text."""
    document = Document("hash", "a.pdf", 10, 1, ("secret text",), "pypdf")
    History(tmp_path / "h.db").save("me", replace(EXPERIMENT, documents=(document,)))

    assert History(tmp_path / "h.db").load("me", "id").documents[0].page_texts == ()
    assert b"secret text" not in (tmp_path / "h.db").read_bytes()
