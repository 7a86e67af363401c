"""What the workbench knows of a prompt store: new, away, slow; and the texts that it adds to one."""

import threading
from dataclasses import replace

import pytest

from dataflows import DATAFLOWS
from dataflows.prompt_store import PromptStore, StoreUnavailableError
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from workbench import settings
from workbench.engine.preparation import prepare
from workbench.errors import PromptError, UsageError
from workbench.graphs.texts import texts_of
from workbench.prompts import store_answers, store_changes, stored
from workbench.prompts.versions import versions_of
from workbench.records import Experiment, ModelChoice, Variant

SUMMARIZATION = DATAFLOWS["summarization"]
TEXTS = {CHUNK_PROMPT: "Sum up: {chunk}", LAST_PROMPT: "Put together: {results}"}


@pytest.fixture
def address(tmp_path, monkeypatch):
    """Where the project's store will be; it isn't there yet."""
    monkeypatch.setenv("WORKBENCH_PROMPT_STORE", f"sqlite:///{tmp_path}/prompts.db")
    return f"sqlite:///{tmp_path}/prompts.db"


@pytest.fixture
def versions():
    return versions_of("summarization", settings.ROOT)


def added(texts=TEXTS, reason="because"):
    return store_changes.add_version("summarization", texts, reason=reason, author="Ada", source="")


def test_a_store_whose_file_is_yet_to_be_made_is_empty(address, tmp_path):
    """It has no problem, and nothing is made by looking."""
    there = stored.view("summarization")

    assert there == stored.StoreView()
    assert list(tmp_path.iterdir()) == []


def test_a_change_is_seen_at_once(address):
    """After each change the next look has it: the version, the label, and both moves of the log."""
    first, second = added(), added({**TEXTS, LAST_PROMPT: "Briefly: {results}"})
    seen = stored.view("summarization")
    store_changes.move_label("summarization", "production", 1, by="Ada", why="first", expected=0)
    store_changes.move_label("summarization", "production", 2, by="Ada", why="better", expected=1)
    moved = stored.view("summarization")
    store_changes.roll_back("summarization", "production", by="Ada", why="worse", expected=2)
    back = stored.view("summarization")

    assert [(own.number, own.is_new) for own in (first, second)] == [(1, True), (2, True)]
    assert [own.number for own in seen.versions] == [1, 2]
    assert (moved.labels, back.labels) == ({"production": 2}, {"production": 1})
    assert [own.why for own in back.moves] == ["worse", "better", "first"]


def test_the_same_texts_are_stored_once(address):
    """Added again, they give the version that has them, and say that it isn't new."""
    added()

    again = added(reason="another one")

    assert again == store_changes.Added(1, is_new=False)
    assert [own.reason for own in stored.view("summarization").versions] == ["because"]


def test_who_decided_on_an_old_state_changes_nothing(address):
    """A move and a rollback that expect the label elsewhere are refused in a sentence."""
    added()
    store_changes.move_label("summarization", "production", 1, by="Ada", why="first", expected=0)

    with pytest.raises(UsageError, match="points at v1 and no longer at v7"):
        store_changes.roll_back("summarization", "production", by="Grace", why="mine", expected=7)
    with pytest.raises(UsageError, match="points at v1 and no longer at nothing"):
        store_changes.move_label("summarization", "production", 1, by="Grace", why="mine", expected=0)

    assert stored.view("summarization").labels == {"production": 1}


def test_versions_of_a_store_that_went_away_stay_known(address, tmp_path):
    """What was read last is shown with the reason; asked anew once it is back, the reason is gone."""
    added()
    before = stored.view("summarization")
    (tmp_path / "prompts.db").rename(tmp_path / "elsewhere.db")
    (tmp_path / "prompts.db").mkdir()
    stored.forget()
    away = stored.view("summarization")
    (tmp_path / "prompts.db").rmdir()
    (tmp_path / "elsewhere.db").rename(tmp_path / "prompts.db")
    stored.forget()

    assert "can't be asked" in away.problem
    assert replace(away, problem="") == before == stored.view("summarization")
    assert list(stored.stored_versions("summarization")) == ["store:v1"]


def test_a_slow_store_is_not_waited_for():
    """While a question is on its way, others wait no longer than they are patient, and don't ask it again."""
    asked, over = [], threading.Event()

    def question():
        asked.append(1)
        over.wait()
        return "the answer"

    slow = [store_answers.answer("slow", question, "nothing", patience_seconds=0) for _ in range(3)]
    over.set()
    late = store_answers.answer("slow", question, "nothing", patience_seconds=20)

    assert {(own.value, own.problem) for own in slow} == {("nothing", "the prompt store has not answered within 0 s")}
    assert (late.value, late.problem) == ("the answer", "")
    assert asked == [1]


def test_an_answer_is_kept_for_a_moment_and_forgotten_on_demand():
    """A second look within the moment asks nothing; after forget it does, and a failure keeps the last answer."""
    said = iter(["first", "second"])

    def question():
        try:
            return next(said)
        except StopIteration:
            raise StoreUnavailableError("it is away") from None

    looks = [store_answers.answer("kept", question, "").value for _ in range(2)]
    for _ in range(2):
        store_answers.forget()
        last = store_answers.answer("kept", question, "")

    assert looks == ["first", "first"]
    assert (last.value, last.problem) == ("second", "it is away")


@pytest.mark.parametrize("base", ["v1", "v2", "v3"])
def test_what_is_added_is_what_a_run_uses(versions, base):
    """Texts of a draft are, byte for byte, what an experiment hands to the dataflow, parameters filled the same way."""
    parameters = [own.name for own in versions[base].prompts[LAST_PROMPT].parameters]
    inputs = {"query": "What?", **dict.fromkeys(parameters, "a contract")}
    own = "".join(f"{{{name}}}" for name in parameters)
    variant = Variant(
        "draft", base, {LAST_PROMPT: f"In {{{{braces}}}}{own}: {{results}}", CHUNK_PROMPT: "Sum: {chunk}"}
    )
    run = Experiment("", "summarization", ModelChoice("m", "remote"), (variant,), (), inputs)

    texts = texts_of(SUMMARIZATION, variant, versions, inputs)

    values = prepare(run, versions).ready["draft"].values
    assert texts == {prompt: values[prompt] for prompt in (CHUNK_PROMPT, LAST_PROMPT)}


def test_parameters_of_a_draft_are_filled(versions):
    """A value of the Workbench page goes in, else the version's default; slots stay."""
    variant = Variant("draft", "v2", {LAST_PROMPT: "About {content_type}: {results}"})

    default = texts_of(SUMMARIZATION, variant, versions, {})
    given = texts_of(SUMMARIZATION, variant, versions, {"content_type": "a contract"})

    assert default[LAST_PROMPT] == "About an academic paper: {results}"
    assert given[LAST_PROMPT] == "About a contract: {results}"
    assert "a contract" in given[CHUNK_PROMPT]


def test_a_version_of_the_store_gives_its_own_texts(address, versions):
    """Opened from the store and added again, nothing in it is another byte."""
    added()
    known = {**versions, **stored.stored_versions("summarization")}

    assert texts_of(SUMMARIZATION, Variant("store:v1", "store:v1"), known, {}) == TEXTS


@pytest.mark.parametrize("template", ["{results} {nonsense}", "{query} without results", "{results"])
def test_texts_with_bad_slots_are_refused(versions, template):
    """A service would fail on them, so that they reach no store."""
    with pytest.raises(PromptError):
        texts_of(SUMMARIZATION, Variant("draft", "v3", {LAST_PROMPT: template}), versions, {})


def test_a_password_is_in_no_message(monkeypatch):
    """Of an address that makes no sense, the problem is told without it."""
    monkeypatch.setenv("WORKBENCH_PROMPT_STORE", "postgresql://ada:hush@127.0.0.1:1/db?nonsense=1")

    assert stored.view("summarization").problem
    assert "hush" not in stored.view("summarization").problem
    with pytest.raises(UsageError) as caught:
        added()
    assert "hush" not in f"{caught.value.message}{caught.value.hint}"


def test_many_readers_share_one_store(address):
    """Threads that look at once all see the same, and none fails."""
    PromptStore(address).add_version("summarization", TEXTS, reason="because")
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(stored.view("summarization"))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 8
    assert {len(own.versions) for own in seen} == {1}
