"""A store that is asked once in a while, and what it does while the database is away."""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dataflows.prompt_store import (
    CachedStore,
    LoadedPrompts,
    PromptSource,
    PromptStore,
    StoreUnavailableError,
    UnknownVersionError,
)
from tests.conftest import until

pytest_plugins = ["tests.postgres"]
FLOW = "summarization"
WHO = {"by": "Ada", "why": "won"}


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Watched(PromptSource):
    """A store that counts who asks, and can be made to be away or to take its time."""

    def __init__(self, store: PromptStore) -> None:
        self.store = store
        self.asked = []
        self.is_away = False
        self.may_answer = threading.Event()
        self.may_answer.set()

    def load(self, dataflow: str, which: int | str) -> LoadedPrompts:
        self.asked.append(which)
        assert self.may_answer.wait(10)
        if self.is_away:
            raise StoreUnavailableError("the prompt store of the test can't be asked: it is away")
        return self.store.load(dataflow, which)


@pytest.fixture
def watched(tmp_path):
    store = PromptStore(tmp_path / "prompts.db")
    for number in (1, 2):
        store.add_version(FLOW, {"a_prompt": f"text {number}"}, reason="a try", model={"name": "m"})
    store.move_label(FLOW, "production", 1, **WHO)
    return Watched(store)


@pytest.fixture
def clock():
    return Clock()


def test_a_label_is_asked_again_after_its_age(watched, clock):
    """Until then it means what it meant; a number is asked once, however it is written."""
    cached = CachedStore(watched, 60, clock=clock)
    cached.load(FLOW, "production")
    watched.store.move_label(FLOW, "production", 2, **WHO)

    clock.now += 59
    young = cached.load(FLOW, "production")
    clock.now += 2
    old = cached.load(FLOW, "production")
    for which in (1, "v1", "1"):
        clock.now += 1_000
        cached.load(FLOW, which)

    assert (young.version, old.version, old.stale) == (1, 2, False)
    assert watched.asked == ["production", "production", "v1"]


def test_what_was_known_is_used_while_the_database_is_away(watched, clock, caplog):
    """It says that it is stale, the log warns once per outage, and the database is soon tried again."""
    caplog.set_level(logging.INFO)
    cached = CachedStore(watched, 60, clock=clock)
    first = cached.load(FLOW, "production")
    watched.is_away = True

    for _ in range(3):
        clock.now += 61
        away = cached.load(FLOW, "production")
    status = cached.status
    watched.is_away = False
    at_once = cached.load(FLOW, "production")
    clock.now += 5.1
    back = cached.load(FLOW, "production")

    assert (away.version, away.stale, away.fetched_at) == (1, True, first.fetched_at)
    assert (status.is_available, status.problem) == (False, "the prompt store of the test can't be asked: it is away")
    assert status.since is not None
    assert (at_once.stale, back.stale, cached.status.is_available) == (True, False, True)
    levels = [(record.levelname, "v1 of summarization" in record.message) for record in caplog.records]
    assert levels == [("WARNING", True), ("INFO", False)]


def test_what_was_never_known_is_an_error(watched, clock):
    """With the database away, and with no such label; the next one asks again."""
    cached = CachedStore(watched, 60, clock=clock)
    watched.is_away = True
    with pytest.raises(StoreUnavailableError):
        cached.load(FLOW, "production")
    watched.is_away = False

    with pytest.raises(UnknownVersionError):
        cached.load(FLOW, "nightly")
    assert cached.load(FLOW, "production").version == 1


def test_a_new_process_starts_while_the_database_is_away(watched, clock, tmp_path):
    """The file gives what was last known, with its time and model, for the label and for the number."""
    file = tmp_path / "last_known.json"
    before = CachedStore(watched, 60, file, clock=clock)
    known = [before.load(FLOW, which) for which in ("production", 2)]
    watched.is_away = True

    fresh = CachedStore(watched, 60, file, clock=clock)
    found = [fresh.load(FLOW, which) for which in ("production", "v2")]

    assert [own.stale for own in found] == [True, True]
    assert [(own.version, own.label, own.texts, own.model, own.fetched_at) for own in found] == [
        (own.version, own.label, own.texts, own.model, own.fetched_at) for own in known
    ]
    with pytest.raises(StoreUnavailableError):
        fresh.load(FLOW, "staging")
    assert sorted(path.name for path in tmp_path.glob("*last*")) == ["last_known.json"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"schema": 1, "prompts": []}', b"[" * 100_000])
def test_a_broken_file_is_as_good_as_none(watched, tmp_path, content, caplog):
    """It is said in the log, and written anew with the next answer."""
    file = tmp_path / "last_known.json"
    file.write_bytes(content)
    watched.is_away = True
    with pytest.raises(StoreUnavailableError):
        CachedStore(watched, 60, file).load(FLOW, "production")
    watched.is_away = False

    CachedStore(watched, 60, file).load(FLOW, "production")

    assert list(json.loads(file.read_bytes())["prompts"]) == ["summarization/production"]
    assert "can't be read" in caplog.text


def test_an_edited_entry_is_not_used(watched, tmp_path, caplog):
    """Texts that don't fit their hash, and entries of another shape, don't become prompts."""
    file = tmp_path / "last_known.json"
    CachedStore(watched, 60, file).load(FLOW, "production")
    watched.is_away = True
    written = json.loads(file.read_bytes())

    for change in ({"texts": {"a_prompt": "evil"}}, {"fetched_at": "soon"}, {"texts": 7}, {"more": 1}):
        entry = {**written["prompts"]["summarization/production"], **change}
        file.write_text(json.dumps({"schema": 1, "prompts": {"summarization/production": entry}}))
        with pytest.raises(StoreUnavailableError):
            CachedStore(watched, 60, file).load(FLOW, "production")


def test_a_file_that_can_not_be_written_stops_nobody(watched, clock, tmp_path, caplog):
    """Prompts are given all the same, and the log warns once."""
    cached = CachedStore(watched, 60, tmp_path / "no folder" / "last_known.json", clock=clock)

    for _ in range(2):
        assert cached.load(FLOW, "production").version == 1
        clock.now += 61

    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_one_thread_asks_while_the_others_go_on(watched, clock):
    """Whoever comes while it is asked again gets the old value at once; those who know nothing wait for one answer."""
    cached = CachedStore(watched, 60, clock=clock)
    with ThreadPoolExecutor(8) as threads:
        watched.may_answer.clear()
        first = [threads.submit(cached.load, FLOW, "production") for _ in range(8)]
        assert until(lambda: watched.asked)
        watched.may_answer.set()
        assert [own.result(10).version for own in first] == [1] * 8

        clock.now += 61
        watched.store.move_label(FLOW, "production", 2, **WHO)
        watched.may_answer.clear()
        asking = threads.submit(cached.load, FLOW, "production")
        assert until(lambda: len(watched.asked) == 2)
        others = [threads.submit(cached.load, FLOW, "production").result(10).version for _ in range(5)]
        watched.may_answer.set()

    assert (others, asking.result().version) == ([1] * 5, 2)
    assert watched.asked == ["production"] * 2


def test_those_who_wait_for_an_answer_share_its_error(watched):
    """When nothing is known and the database is away, it is asked once for all who came meanwhile."""
    cached = CachedStore(watched, 60)
    watched.is_away = True
    watched.may_answer.clear()

    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(cached.load, FLOW, "production") for _ in range(8)]
        assert until(lambda: watched.asked and sum(own.running() for own in waiting) == 8)
        watched.may_answer.set()
        errors = {str(own.exception(10)) for own in waiting}

    assert errors == {"the prompt store of the test can't be asked: it is away"}
    assert len(watched.asked) <= 2


def test_a_database_that_is_stopped_and_started_is_survived(postgres, clock):
    """A real PostgreSQL goes away and comes back under a cached store."""
    store = PromptStore(postgres.url(postgres.new_user()))
    store.add_version(FLOW, {"a_prompt": "text"}, reason="a try")
    store.move_label(FLOW, "production", 1, **WHO)
    cached = CachedStore(store, 60, clock=clock)
    cached.load(FLOW, "production")

    postgres.stop()
    try:
        clock.now += 61
        away = cached.load(FLOW, "production")
        problem = cached.status.problem
    finally:
        postgres.start()
    clock.now += 61
    back = cached.load(FLOW, "production")

    assert (away.version, away.stale, back.stale) == (1, True, False)
    assert "can't be asked" in problem
    assert postgres.password not in problem
