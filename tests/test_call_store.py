import logging
import os
import sqlite3
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import any_text
from workbench.engine.call_store import CallStore
from workbench.errors import UsageError
from workbench.records import Answer, CallRequest
from workbench.settings import keep_store_limit
from workbench.state.stored_json import to_bytes

ANSWER = Answer("Well.", 10, 2, 1.5, 0.5)
SECONDS = st.floats(0, 1e6)
KB, MB = 2**10, 2**20


class Clock:
    """Tells the time it is set to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path):
    return tmp_path / "calls.db"


@pytest.fixture
def clock():
    return Clock()


def numbered(count, size=5, start=0):
    """Answers of this many characters under "0", "1" and so on."""
    return {str(number): Answer("x" * size, 1, 1, 1.0, 0.5) for number in range(start, start + count)}


def keys(count):
    return [str(number) for number in range(count)]


def bytes_on_disk(path):
    return sum(part.stat().st_size for part in path.parent.iterdir() if part.name != f"{path.name}-shm")


# What comes back


@given(
    st.builds(
        Answer,
        any_text() | st.just("\ud83d\ude00"),
        st.integers(0),
        st.integers(0),
        SECONDS,
        st.none() | SECONDS,
        any_text(8),
        SECONDS,
        st.none() | SECONDS,
    )
)
def test_an_answer_comes_back_as_it_was_kept(tmp_path_factory, answer):
    """Any text a model may give, lone surrogates and NUL included, is the same after keeping, as are time and cost."""
    store = CallStore(tmp_path_factory.getbasetemp() / "any.db")

    store.keep({"key": answer})

    assert store.find(["key", "other"]) == {"key": answer}


def test_another_process_finds_what_was_kept(path):
    """A second store on the same file finds the answers of the first."""
    CallStore(path).keep({"a": ANSWER})

    assert CallStore(path).find(["a"]) == {"a": ANSWER}


def test_more_keys_than_one_question_holds_are_found(path):
    """1,234 answers are all found, though SQLite takes fewer values at a time."""
    store = CallStore(path)
    answers = numbered(1234)
    store.keep(answers)

    assert store.find([*answers, "unknown"]) == answers
    assert store.has([*answers, "unknown"]) == set(answers)


def test_answers_made_before_a_time_are_left_alone(path):
    """An answer counts from the time it was made at, and keeping it again makes it new."""
    store = CallStore(path)
    store.keep({"old": ANSWER, "again": ANSWER})
    since = time.time()

    store.keep({"again": ANSWER})

    assert list(store.find(["old", "again"], since)) == ["again"]
    assert store.has(["old", "again"], since) == {"again"}


def test_what_can_not_be_read_is_not_there(path):
    """An answer that was spoiled on disk, or written by a release that knows more, is made again and replaced."""
    store = CallStore(path)
    store.keep({"spoiled": ANSWER, "newer": ANSWER, "fine": ANSWER})
    with sqlite3.connect(path) as other:
        other.execute("UPDATE answer SET value = ? WHERE id = (SELECT id FROM call WHERE key = 'spoiled')", [b"{\xff"])
        newer = to_bytes({**vars(ANSWER), "colour": "blue"})
        other.execute("UPDATE answer SET value = ? WHERE id = (SELECT id FROM call WHERE key = 'newer')", [newer])

    found = store.find(["spoiled", "newer", "fine"])

    assert found == {"fine": ANSWER}


def test_a_thousand_kept_answers_are_found_in_60_ms(path, clock):
    """So they are while each use is noted, which it is when the last one is more than a minute ago."""
    store = CallStore(path, clock=clock)
    answers = numbered(1000, size=1000)
    store.keep(answers)
    took = []

    for _ in range(5):
        clock.now += 100
        start = time.perf_counter()
        store.find(list(answers))
        took.append(time.perf_counter() - start)

    assert store.counts().oldest_use == clock.now
    assert min(took) < 0.06


# The limit


def test_the_answers_used_longest_ago_go_first(path, clock):
    """Over its limit, a store forgets what was used longest ago, not what was made first, down to 90 % of the limit."""
    store = CallStore(path, lambda: MB, clock)
    for number in range(80):
        clock.now += 1
        store.keep(numbered(1, 10 * KB, start=number))
    clock.now += 100
    store.find(["0", "1"])

    clock.now += 1
    store.keep(numbered(10, 10 * KB, start=80))

    left = store.has(keys(90))
    forgotten = 90 - len(left)
    assert left == {"0", "1", *map(str, range(2 + forgotten, 90))}
    assert 0.85 * MB < store.counts().bytes <= 0.9 * MB
    assert store.counts().answers == len(left)


def test_a_use_within_a_minute_is_not_noted_again(path, clock):
    """Reading what was used less than a minute ago writes no time: the order among those stays."""
    store = CallStore(path, clock=clock)
    store.keep(numbered(3))
    used = store.counts().newest_use
    clock.now += 59

    store.find(["0", "1"])

    assert store.counts().newest_use == used


def test_a_look_is_no_use(path, clock):
    """Asking whether answers are there, or what they are in order to plan, notes no use and counts no hit."""
    store = CallStore(path, clock=clock)
    store.keep(numbered(3))
    before = store.counts()
    clock.now += 1000

    store.has(["0", "1"])
    planned = store.peek(["0", "1", "unknown"])

    assert store.counts() == before
    assert planned == numbered(2)


def test_a_lower_limit_is_followed_and_frees_the_disk(path):
    """A limit set for the folder is followed by a store that was open before, whose file gets smaller."""
    store = CallStore(path)
    keep_store_limit(path.parent, 100)
    store.keep(numbered(70, MB))
    before = bytes_on_disk(path)

    keep_store_limit(path.parent, 50)
    store.shrink()

    assert before > 70 * MB
    assert 40 * MB < store.counts().bytes <= 45 * MB
    assert bytes_on_disk(path) < 55 * MB
    assert store.has(keys(70)) == {str(number) for number in range(70 - store.counts().answers, 70)}


def test_a_file_at_its_limit_does_not_grow(path, clock):
    """However much is kept, the file with its log stays near the limit."""
    store = CallStore(path, lambda: 4 * MB, clock)

    for number in range(300):
        clock.now += 1
        store.keep(numbered(10, 10 * KB, start=10 * number))

    assert path.stat().st_size <= 4.2 * MB
    assert bytes_on_disk(path) < 10 * MB
    assert store.counts().made == 3000


def test_a_limit_that_makes_no_sense_is_refused_at_once(path, monkeypatch):
    """A store is not opened under a WORKBENCH_STORE_MB that is no number."""
    monkeypatch.setenv("WORKBENCH_STORE_MB", "plenty")

    with pytest.raises(UsageError, match="'plenty'"):
        CallStore(path)


# What is known of a store


def test_hits_and_made_answers_are_counted_over_all_processes(path):
    """The hit rate is the share of calls answered from the store, whoever asked; replaced answers are made too."""
    one, two = CallStore(path), CallStore(path)
    assert one.counts().hit_rate is None

    one.keep(numbered(3))
    two.keep({"0": ANSWER})
    two.find(["0", "1", "unknown"])
    one.find(["0", "1", "2"])
    one.find(["unknown"])

    counts = two.counts()
    assert (counts.answers, counts.made, counts.hits) == (3, 4, 5)
    assert counts.hit_rate == 5 / 9


def test_the_version_changes_when_another_process_changes_the_store(path):
    """It is another number after each keep and each emptying, and the same one after reading."""
    store, other = CallStore(path), CallStore(path)
    seen = [store.version()]

    other.keep({"a": ANSWER})
    seen.append(store.version())
    other.find(["a"])
    same = store.version()
    store.keep({"a": ANSWER})
    seen.append(other.version())
    other.empty()
    seen.append(store.version())

    assert same == seen[1]
    assert len(set(seen)) == 4


def test_forgetting_changes_the_version(path):
    """Answers that go because of the limit change it too."""
    limit = [10 * MB]
    store = CallStore(path, lambda: limit[0])
    store.keep(numbered(100, 10 * KB))
    before = store.version()

    limit[0] = MB // 2
    store.shrink()

    assert store.version() != before


# Emptying


def test_emptying_forgets_all_and_frees_the_disk(path):
    """Nothing is found, the counts begin anew, and the files are as small as new ones."""
    store = CallStore(path)
    new = bytes_on_disk(path)
    store.keep(numbered(500, 10 * KB))
    store.find(["1"])

    store.empty()

    counts = store.counts()
    assert store.has(keys(500)) == set()
    assert (counts.answers, counts.hits, counts.made, counts.oldest_use, counts.newest_use) == (0, 0, 0, None, None)
    assert bytes_on_disk(path) <= new


def test_an_emptied_store_goes_on(path):
    """Stores that were open when another emptied the file find and keep as before."""
    store, other = CallStore(path), CallStore(path)
    store.keep(numbered(50, 10 * KB))
    other.find(["1"])

    store.empty()
    other.keep({"after": ANSWER})

    assert store.find(["1", "after"]) == {"after": ANSWER}


# Readers and writers


def test_reading_does_not_wait_for_a_writer(path, clock):
    """While another process writes for long, answers are found at once; the hits are noted with the next keep."""
    store = CallStore(path, clock=clock)
    store.keep(numbered(10))
    clock.now += 100
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    start = time.perf_counter()
    found = store.find(["0", "1"])
    took = time.perf_counter() - start
    writer.execute("COMMIT")
    writer.close()
    store.keep({"new": ANSWER})

    assert len(found) == 2
    assert took < 1.0
    assert store.counts().hits == 2


# Files of other times


def old_store(path, answers):
    """A file as the release before wrote it."""
    with sqlite3.connect(path, isolation_level=None) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("CREATE TABLE call (key TEXT PRIMARY KEY, answer BLOB NOT NULL, made_at REAL NOT NULL)")
        fields = ("text", "input_tokens", "output_tokens", "seconds", "first_token_seconds", "finish_reason")
        rows = [
            (key, to_bytes({name: getattr(answer, name) for name in fields}), made_at)
            for key, (answer, made_at) in answers.items()
        ]
        old.execute("BEGIN")
        old.executemany("INSERT INTO call VALUES (?, ?, ?)", rows)
    old.close()


def test_a_store_of_the_release_before_is_taken_over(path, clock):
    """No answer is lost, each has the time it was made at, and the file can give room back as a new one can."""
    old_store(path, {key: (answer, 500.0 + int(key)) for key, answer in numbered(1000, 2 * KB).items()})

    store = CallStore(path, clock=clock)

    found = store.find(keys(1000))
    assert {key: answer.made_at for key, answer in found.items()} == {str(n): 500.0 + n for n in range(1000)}
    assert found["7"].text == "x" * 2 * KB
    assert store.has(["7", "8"], since=508.0) == {"8"}
    assert store.counts().answers == 1000
    store.empty()
    assert bytes_on_disk(path) < 100 * KB


def test_a_store_that_was_taken_over_is_taken_over_once(path, clock):
    """Opening it again changes nothing, and what was kept since is there."""
    old_store(path, {"old": (ANSWER, 500.0)})
    CallStore(path, clock=clock).keep({"new": ANSWER})

    store = CallStore(path, clock=clock)

    assert set(store.find(["old", "new"])) == {"old", "new"}
    assert store.counts().answers == 2


# Damage


def spoil(path, start, end):
    """Random bytes over a part of a file."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(os.urandom(end - start))


def test_a_damaged_store_is_set_aside(path, caplog):
    """A file that is no database does not stop the app: it gets another name, and a new store begins."""
    path.write_bytes(b"no database" * 1000)

    with caplog.at_level(logging.WARNING):
        store = CallStore(path)
    store.keep({"a": ANSWER})

    assert store.find(["a"]) == {"a": ANSWER}
    assert path.with_name("calls.db.damaged").read_bytes().startswith(b"no database")
    assert "calls.db is damaged" in caplog.text
    assert str(path.parent) not in caplog.text


def test_damage_that_shows_late_does_not_end_a_run(path):
    """Pages spoiled behind a sound beginning are met while reading: what is lost is asked for again and kept anew."""
    store = CallStore(path)
    store.keep(numbered(500, 2 * KB))
    store.empty()
    store.keep(numbered(500, 2 * KB))
    before = store.version()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    spoil(path, 32 * KB, path.stat().st_size)

    late = CallStore(path)
    found = late.find(keys(500))
    late.keep({"a": ANSWER})

    assert found == {}
    assert late.find(["a"]) == store.find(["a"]) == {"a": ANSWER}
    assert late.version() != before


def test_a_second_damaged_store_takes_the_place_of_the_first(path):
    """Damaged files don't pile up."""
    for number in range(3):
        path.write_bytes(b"no database %d" % number * 500)
        CallStore(path).keep({"a": ANSWER})
        for ending in ("-wal", "-shm", ""):
            path.with_name(path.name + ending).unlink(missing_ok=True)

    assert [part.name for part in path.parent.iterdir()] == ["calls.db.damaged"]


def test_a_log_without_its_file_is_not_played_into_the_new_one(path):
    """What lies beside a damaged file goes with it."""
    store = CallStore(path)
    store.keep(numbered(50))
    log = path.with_name("calls.db-wal").read_bytes()
    spoil(path, 0, path.stat().st_size)
    path.with_name("calls.db-wal").write_bytes(log)

    fresh = CallStore(path)

    assert fresh.counts().answers in (0, 50)
    fresh.keep({"a": ANSWER})
    assert CallStore(path).find(["a"]) == {"a": ANSWER}


def test_a_store_whose_file_was_removed_goes_on_with_a_new_one(path):
    """Deleting the file by hand empties the store of a process that goes on, and loses nothing kept after."""
    store = CallStore(path)
    store.keep({"before": ANSWER})
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink()

    store.keep({"after": ANSWER})

    assert store.find(["before", "after"]) == {"after": ANSWER}
    assert CallStore(path).find(["after"]) == {"after": ANSWER}


# Keys


def test_what_decides_an_answer_is_in_its_key():
    """Requests that differ in any one part have different keys; equal ones have the same."""
    parts = {
        "origin": ("a", "b"),
        "model": ("m", "n"),
        "messages": ((("user", "x"),), (("system", "x"),)),
        "parameters": ({"seed": 1}, {"seed": 2}),
        "repetition": (0, 1),
    }
    first = CallRequest(**{name: values[0] for name, values in parts.items()})
    others = [CallRequest(**{name: values[name == changed] for name, values in parts.items()}) for changed in parts]

    assert first.key() == CallRequest(**{name: values[0] for name, values in parts.items()}).key()
    assert len({first.key(), *(other.key() for other in others)}) == 6


def test_a_lone_surrogate_has_a_key():
    """A prompt that UTF-8 can't carry has a key of its own, also when two surrogates look like one character."""
    keys = {
        CallRequest("o", "m", (("user", text),)).key() for text in ("\ud800", "\ud801", "\ufffd", "\ud83d\ude00", "😀")
    }

    assert len(keys) == 5
