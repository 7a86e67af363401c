"""One call store, many processes: none waits in vain, nothing is lost, and none is missed when it is killed."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.store_worker import CHUNKS, answer_to, chunk_keys
from workbench.engine.call_store import CallStore
from workbench.settings import ROOT


@pytest.fixture
def path(tmp_path):
    return tmp_path / "calls.db"


@pytest.fixture
def begin(path) -> Iterator:
    """Starts a process that uses the store; those that still go on in the end are ended."""
    begun = []

    def start(task, name):
        arguments = [sys.executable, "-m", "tests.store_worker", task, str(path), name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        begun.append(subprocess.Popen(arguments, cwd=ROOT, text=True, **pipes))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def let_go(workers):
    """Give all the sign at once, when all wait for it."""
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()


def is_sound(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_four_processes_of_64_threads_lose_nothing(path, begin):
    """400 chunks each, half of them the same: no error, every answer found again, and every hit and answer counted."""
    names = ["a", "b", "c", "d"]
    workers = [begin("share", name) for name in names]

    let_go(workers)
    reports = [json.loads(worker.communicate(timeout=60)[0]) for worker in workers]

    assert reports == [{"missing": [], "errors": []}] * 4
    keys = sorted({key for name in names for key in chunk_keys(name)})
    store = CallStore(path)
    counts = store.counts()
    assert store.find(keys) == {key: answer_to(key) for key in keys}
    assert counts.answers == len(keys) == 5 * CHUNKS // 2
    # Each process kept a chunk or found it at once, and then found it; hits that wait for a write end with the process.
    assert counts.made + counts.hits <= 8 * CHUNKS
    assert counts.made >= counts.answers
    assert is_sound(path)


def test_emptying_while_processes_write_disturbs_none(path, begin):
    """No error comes from a store that is emptied again and again while two processes use it, and it stays sound."""
    workers = [begin("share", name) for name in ("a", "b")]
    store = CallStore(path)

    let_go(workers)
    for _ in range(10):
        store.empty()
    reports = [json.loads(worker.communicate(timeout=60)[0]) for worker in workers]

    assert [report["errors"] for report in reports] == [[], []]
    assert store.counts().answers == len(store.has([*chunk_keys("a"), *chunk_keys("b")]))
    assert is_sound(path)


@pytest.mark.parametrize("calls", [1, 60, 240])
def test_a_killed_process_loses_no_kept_answer(path, begin, calls):
    """What was kept before kill -9 in the middle of writing is there, and the store goes on."""
    worker = begin("keep on", "a")
    said = [worker.stdout.readline() for _ in range(calls)]

    worker.send_signal(signal.SIGKILL)
    said += worker.stdout.readlines()

    kept = [line.strip() for line in said if line.endswith("\n")]
    assert len(kept) >= calls
    store = CallStore(path)
    assert store.find(kept) == {key: answer_to(key) for key in kept}
    assert store.counts().answers in (len(kept), len(kept) + 1)
    store.keep({"after": answer_to("after")})
    assert store.find(["after"]) == {"after": answer_to("after")}
    assert is_sound(path)


@pytest.mark.parametrize("rounds", [1, 5, 9, 12])
def test_a_process_killed_while_it_makes_room_damages_nothing(path, begin, rounds):
    """Kill -9 in the middle of forgetting or emptying leaves a sound file with right counts, and the store goes on."""
    worker = begin("keep full", "a")
    for _ in range(rounds):
        worker.stdout.readline()

    worker.send_signal(signal.SIGKILL)
    rounds += len(worker.stdout.readlines())

    store = CallStore(path)
    keys = [f"a-{number}-{part}" for number in range(rounds + 1) for part in range(20)]
    assert store.counts().answers == len(store.has(keys))
    store.keep({"after": answer_to("after")})
    assert store.find(["after"]) == {"after": answer_to("after")}
    assert is_sound(path)
    assert not path.with_name("calls.db.damaged").exists()
