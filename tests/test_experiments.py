from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.test_processes import child as started_process
from tests.test_record_json import EXPERIMENTS
from workbench.records import Document, Experiment, ModelChoice, Run
from workbench.state.experiments import Experiments
from workbench.state.processes import Processes

EXPERIMENT = Experiment("id", "flow", ModelChoice("m", "remote"), (), (), {})


class Named(Processes):
    """As a process of this name sees them."""

    def __init__(self, home, name):
        super().__init__(home)
        self.own_name = name

    def name(self):
        return self.own_name


@pytest.fixture
def experiments(tmp_path):
    return Experiments(tmp_path / "workbench.db", Processes(tmp_path))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EXPERIMENTS)
def test_experiments_give_back_what_it_was_given(experiments, experiment):
    """Any experiment whose runs have ended comes back equal, but for the documents' texts, which are kept elsewhere."""
    kept = replace(experiment, documents=tuple(replace(own, page_texts=()) for own in experiment.documents))
    named = replace(experiment, id=experiment.id.encode("ascii", "ignore").decode().replace("\0", "") or "id")

    experiments.save("me", named)

    assert experiments.load("me", named.id) == replace(kept, id=named.id)


@pytest.mark.parametrize("status", ["waiting", "running"])
def test_a_run_that_went_on_comes_back_as_stopped(experiments, status):
    """What the app was doing when it ended is a stopped run with a reason; ended runs are left alone."""
    done = Run("v1", "d", "done", output="yes")
    experiments.save("me", replace(EXPERIMENT, runs=(done, Run("v2", "d", status))))

    first, second = experiments.load("me", "id").runs

    assert first == done
    assert second.status == "stopped"
    assert second.error[0] == "StopError" and second.hint


def test_the_last_save_counts(experiments):
    """An experiment that is saved again replaces what was kept."""
    experiments.save("me", EXPERIMENT)

    experiments.save("me", replace(EXPERIMENT, seconds=7.0))

    assert experiments.load("me", "id").seconds == 7.0


def test_another_workspace_sees_nothing(experiments):
    """An experiment is found by its own workspace only, and an unknown id by none."""
    experiments.save("me", EXPERIMENT)

    assert experiments.load("you", "id") is None
    assert experiments.load("me", "other") is None


def test_another_process_finds_what_was_saved(tmp_path):
    """A second one on the same file has it, without the document's text."""
    document = Document("hash", "a.pdf", 10, 1, ("secret text",), "pypdf")
    Experiments(tmp_path / "h.db", Processes(tmp_path)).save("me", replace(EXPERIMENT, documents=(document,)))

    assert Experiments(tmp_path / "h.db", Processes(tmp_path)).load("me", "id").documents[0].page_texts == ()
    assert b"secret text" not in (tmp_path / "h.db").read_bytes()


@pytest.fixture
def gone(tmp_path):
    """The name of a process that was killed."""
    process, name = started_process(tmp_path)
    process.kill()
    process.communicate()
    return Named(tmp_path, name)


def test_only_what_went_on_in_a_process_that_is_gone_is_interrupted(tmp_path, gone):
    """Of experiments done, going on here, and going on in a process that was killed, the last is listed, to its
    workspace only; dismissed, it is not, and can still be opened."""
    killed, here = Experiments(tmp_path / "h.db", gone), Experiments(tmp_path / "h.db", Processes(tmp_path))
    going = replace(EXPERIMENT, runs=(Run("v1", "d", "done", output="kept"), Run("v2", "d", "running")))
    killed.save("me", replace(going, id="interrupted"))
    here.save("me", replace(going, id="going on"))
    here.save("me", replace(EXPERIMENT, id="done", runs=(Run("v1", "d", "done"),)))

    listed = here.interrupted("me")
    others = here.interrupted("someone else")
    here.dismiss("me", "interrupted")

    assert [experiment.id for experiment in listed] == ["interrupted"]
    assert [run.status for run in listed[0].runs] == ["done", "stopped"]
    assert others == [] and here.interrupted("me") == []
    assert here.load("me", "interrupted").runs[0].output == "kept"


def test_an_interrupted_experiment_that_is_run_again_goes_on_here(tmp_path, gone):
    """Resumed under its id, an experiment is no longer interrupted, and when it has ended it is listed nowhere."""
    killed, here = Experiments(tmp_path / "h.db", gone), Experiments(tmp_path / "h.db", Processes(tmp_path))
    going = replace(EXPERIMENT, runs=(Run("v2", "d", "running"),))
    killed.save("me", going)
    before = [own.id for own in here.interrupted("me")]

    here.save("me", going)
    while_running = here.interrupted("me")
    here.save("me", replace(EXPERIMENT, runs=(Run("v2", "d", "done"),)))

    assert (before, while_running, here.interrupted("me")) == (["id"], [], [])
