"""What the history keeps of an experiment: everything that made a run, and everything it gave."""

import json
import os

import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, document_of, draft
from tests.git_scratch import Scratch
from tests.scripted import ScriptedEndpoint
from workbench import settings
from workbench.documents.store import keep_document
from workbench.errors import ModelError, UsageError
from workbench.history.capture import kept_run
from workbench.history.code_state import CodeState, code_state
from workbench.history.history import History
from workbench.history.kept import APP, Filters
from workbench.history.privacy import Privacy, keep_privacy, privacy_of, wrong_pattern
from workbench.history.recorder import Recorder
from workbench.history.spool import Spool
from workbench.history.texts import sha256_of
from workbench.history.upkeep import tidy
from workbench.models.redaction import MARK
from workbench.records import Variant
from workbench.state.experiments import Experiments
from workbench.state.processes import Processes

SECRET = "sk-" + "a1" * 20


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path / "runs.db", Spool(tmp_path / "waiting"))
    yield made
    made.close()


@pytest.fixture
def lab(make_lab):
    return make_lab()


def recorded(lab, history, *variants, **options):
    """The experiment, run to its end with each run kept; and the rows of its runs by their variants."""
    recorder = Recorder(history.record, lab.versions, "summarization", APP, "Ada")
    job = lab.job(*variants, on_run=recorder.record, **options)
    job.start()
    assert job.wait(30)
    rows = history.runs(Filters(experiment=job.id), size=500).rows
    return job.experiment(), {row.variant: row for row in rows}


def test_a_run_is_opened_exactly_as_it_was(lab, history):
    """All values, calls with request and answer, times, tokens; the variant; the versions' text; model and inputs."""
    experiment, rows = recorded(lab, history, Variant("v2", "v2"), draft("d", last="Shorter."))

    for run in experiment.runs:
        opened = history.open(rows[run.variant].id)
        assert opened.run == run
        assert (
            opened.versions["v3" if run.variant == "d" else "v2"] == lab.versions["v3" if run.variant == "d" else "v2"]
        )
        assert opened.experiment.model == experiment.model
        assert opened.experiment.inputs == experiment.inputs
        assert opened.experiment.variants == tuple(own for own in experiment.variants if own.label == run.variant)


def test_a_run_knows_the_state_of_the_code(lab, history):
    """Commit, branch, what differs from it, the dataflow's own hash and the packages."""
    _, rows = recorded(lab, history, Variant("v1", "v1"))

    code = history.open(rows["v1"].id).code
    assert rows["v1"].git_sha == code.git_sha == code_state(settings.ROOT).git_sha
    assert len(code.dataflow_sha256) == 64
    assert code.packages["apache-hamilton"]


def test_what_differs_from_the_commit_is_kept_with_a_run(tmp_path):
    """A change that is not committed stands in the difference; a clean checkout has none."""
    scratch = Scratch(tmp_path / "team")
    scratch.commit("prompts/a.py")

    clean = code_state(scratch.root)
    scratch.write("prompts/a.py", b"two\n")
    dirty = code_state(scratch.root)

    assert (clean.git_dirty, clean.diff) == (False, "")
    assert dirty.git_dirty
    assert "+two" in dirty.diff
    assert code_state(tmp_path).git_sha == ""


def test_failed_runs_are_kept_too(make_lab, history):
    """With their status, why, and the calls that were answered."""
    refused = ModelError("The model refused.", "Ask for something else.")
    lab = make_lab(ScriptedEndpoint(failure=lambda prompt: refused if "Shorter" in prompt else None))

    _, rows = recorded(lab, history, draft("d", last="Shorter."))

    row = rows["d"]
    run = history.open(row.id).run
    assert (row.status, row.calls_failed) == ("failed", 1)
    assert "Ask for something else" in row.error
    assert sum(call.answer is not None for call in run.calls) == 20


def test_of_reused_calls_the_run_is_known_that_paid(lab, history):
    """Each kept answer leads to the run that made the call."""
    _, first = recorded(lab, history, Variant("v1", "v1"))
    _, second = recorded(lab, history, Variant("v1", "v1"))

    opened = history.open(second["v1"].id)
    keys = [call.request.key() for call in opened.run.calls]
    makers = history.makers_of_calls(keys, before=second["v1"].seq)

    assert second["v1"].calls_reused == len(keys) == 21
    assert {row.id for row in makers.values()} == {first["v1"].id}
    assert set(makers) == set(keys)


def test_runs_of_one_prompt_share_its_text(lab, history):
    """A prompt's hash leads to all runs that used it."""
    recorded(lab, history, Variant("v1", "v1"), draft("d", "v1", last="Other."))

    run = history.open(history.runs(Filters(version="d")).rows[0].id).run
    same = history.runs(Filters(prompt_sha256=sha256_of(run.prompts[CHUNK_PROMPT]))).rows
    own = history.runs(Filters(prompt_sha256=sha256_of(run.prompts[LAST_PROMPT]))).rows
    assert {row.variant for row in same} == {"v1", "d"}
    assert {row.variant for row in own} == {"d"}


def test_without_documents_no_text_of_one_is_kept(lab, history, tmp_path):
    """Neither in requests nor in values; answers, prompts and the document's hash are."""
    document = document_of(5, "secret gardens")
    experiment = lab.run(Variant("v1", "v1"), documents=[document])
    (run,) = experiment.runs

    kept = kept_run(
        experiment, run, lab.versions, CodeState(), Privacy(keeps_documents=False), source=APP, project="p", person="A"
    )
    history.record(kept)

    opened = history.open(kept.id)
    assert "Part 3 of secret gardens" not in json.dumps(dict(kept.body))
    assert opened.run.output == run.output
    assert [call.answer for call in opened.run.calls] == [call.answer for call in run.calls]
    assert opened.row.document == document.sha256


def test_keys_and_patterns_of_the_team_leave_no_trace(lab, history, tmp_path, monkeypatch):
    """What looks like a key, a secret of the environment, and what a person's patterns match is nowhere."""
    monkeypatch.setenv("TICKETS_API_KEY", "very-secret-word")
    keep_privacy(tmp_path, Privacy(patterns=(r"Customer \d+",)))
    texts = {LAST_PROMPT: f"{SECRET} very-secret-word Customer 4711 {{results}}"}
    experiment = lab.run(Variant("d", "v1", texts))
    (run,) = experiment.runs

    kept = kept_run(
        experiment, run, lab.versions, CodeState(), privacy_of(tmp_path), source=APP, project="p", person="A"
    )
    history.record(kept)

    whole = json.dumps([dict(kept.body), list(kept.texts)])
    for secret in (SECRET, "very-secret-word", "Customer 4711"):
        assert secret not in whole
    assert MARK in history.open(kept.id).run.prompts[LAST_PROMPT]


@pytest.mark.parametrize("pattern", ["", "(", "x*", "(a+)+b", "a" * 400])
def test_a_pattern_that_would_hurt_is_refused(tmp_path, pattern):
    """Empty ones, broken ones, those that match everywhere or take for ever."""
    assert wrong_pattern(pattern)
    with pytest.raises(UsageError):
        keep_privacy(tmp_path, Privacy(patterns=(pattern,)))


def test_privacy_is_what_was_set(tmp_path):
    """And its defaults keep everything."""
    assert privacy_of(tmp_path) == Privacy()

    keep_privacy(tmp_path, Privacy(False, 30, (r"\bTicket-\d+",)))

    assert privacy_of(tmp_path) == Privacy(False, 30, (r"\bTicket-\d+",))


def test_runs_whose_process_was_killed_are_told_once(lab, history, tmp_path, monkeypatch):
    """They stand in the history as stopped; telling again adds none."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))

    class Gone(Processes):
        def name(self):
            return "gone"

    job = lab.job(Variant("v1", "v1"), Variant("v2", "v2"))
    Experiments(tmp_path / "workbench.db", Gone(tmp_path)).save("me", job.experiment())
    experiments = Experiments(tmp_path / "workbench.db", Processes(tmp_path))

    tidy(history, experiments)
    tidy(history, experiments)

    rows = history.runs().rows
    assert sorted((row.variant, row.status) for row in rows) == [("v1", "stopped"), ("v2", "stopped")]
    assert "closed during this run" in history.open(rows[0].id).run.error[1]


def test_documents_that_are_not_to_be_kept_go_after_a_day(history, tmp_path, monkeypatch):
    """Those of today stay, so that a refresh loses nothing; where documents are kept, all do."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    experiments = Experiments(tmp_path / "workbench.db", Processes(tmp_path))
    for number in (1, 2):
        keep_document(document_of(number), tmp_path)
    old, new = sorted((tmp_path / "documents").iterdir())
    os.utime(old, (0, 0))

    tidy(history, experiments)
    kept = {path.name for path in (tmp_path / "documents").iterdir()}
    keep_privacy(tmp_path, Privacy(keeps_documents=False))
    tidy(history, experiments)

    assert kept == {old.name, new.name}
    assert [path.name for path in (tmp_path / "documents").iterdir()] == [new.name]
