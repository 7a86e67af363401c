"""The journal: what a killed process had answered and not yet stored is found by the next one, and by nobody twice."""

import json
import signal
import subprocess
import sys

import pytest

from tests.conftest import until
from workbench.engine.call_store import CallStore
from workbench.engine.journal import Journal, journal_folder
from workbench.records import Answer
from workbench.settings import ROOT
from workbench.state.database import connect
from workbench.state.processes import Processes

IN_FLIGHT = 16


def answer(text="yes", made_at=100.0):
    return Answer(text, 1, 1, 0.1, 0.1, made_at=made_at)


class Gone(Processes):
    """A process that ended without a word: its lock is free, and its files are there."""

    def end(self):
        self._own.release()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "calls.db"


@pytest.fixture
def killed(path):
    """Journals that processes left behind, with these answers."""

    def leave(**answers):
        process = Gone(path.parent)
        journal = Journal(journal_folder(path), process)
        for key, own in answers.items():
            journal.add(key, own)
        journal.write()
        process.end()

    return leave


def files(path):
    return sorted(journal_folder(path).iterdir())


def test_the_next_process_finds_what_a_killed_one_wrote_down(path, killed):
    """Its answers are in the store as soon as that is opened, as they were, and its journal is gone."""
    odd = answer("half a character \ud800, a line\nand NUL \0")
    killed(a=answer(), b=odd)

    store = CallStore(path)

    assert store.find(["a", "b"]) == {"a": answer(), "b": odd}
    assert files(path) == []


def test_what_was_recovered_is_as_old_as_it_was(path, killed):
    """A fresh run that began after the answer was made doesn't take it, though it was stored later."""
    killed(a=answer(made_at=100.0))

    store = CallStore(path, clock=lambda: 900.0)

    assert store.find(["a"], since=101.0) == {}
    assert store.find(["a"], since=100.0) == {"a": answer()}


def test_a_newer_answer_stays_and_half_a_line_is_no_answer(path, killed):
    """A journal may hold what was stored since, and may end anywhere."""
    CallStore(path, clock=lambda: 200.0).keep({"a": answer("new", 200.0)})
    killed(a=answer("old", 100.0), b=answer())
    [written, _] = files(path)
    written.write_bytes(written.read_bytes() + b'["c", {"text": "ha\n\xff\n["d", 1]\n[]\n["e", {"odd": 1}]\n["f')

    store = CallStore(path)

    assert store.find(["a", "b", "c", "d", "e", "f"]) == {"a": answer("new", 200.0), "b": answer()}


def test_the_journal_of_a_living_process_is_left_alone(path):
    """It stores its answers itself; what is stored is out of the journal, and a closed one is gone."""
    living = Journal(journal_folder(path), Processes(path.parent))
    living.add("a", answer())
    living.turn()
    living.add("b", answer())
    living.write()

    store = CallStore(path)
    before = [file.read_bytes() for file in files(path)]
    living.stored()
    after = [file.read_bytes() for file in files(path)]
    living.turn()
    living.add("c", answer("z"))
    living.write()
    again = files(path)[0].read_bytes()
    living.close()

    assert store.counts().answers == 0
    assert [b'"a"' in before[0], b'"b"' in before[1]] == [True, True]
    assert (after[0].strip(b"\0"), after[1]) == (b"", before[1])
    assert (again.count(b'"c"'), again.strip(b"\0").count(b"\n")) == (1, 1)
    assert files(path) == []


def test_an_emptied_store_stays_empty(path, killed):
    """What a killed process left behind is forgotten with the rest."""
    store = CallStore(path)
    killed(a=answer())

    store.empty()

    assert CallStore(path).counts().answers == 0


def test_a_journal_that_can_not_be_written_costs_no_answer(path, caplog):
    """A file in the place of its folder is logged once, and no error comes of it."""
    journal_folder(path).write_text("")
    journal = Journal(journal_folder(path), Processes(path.parent))

    for key in ("a", "b"):
        journal.add(key, answer())
        journal.write()
    journal.close()

    assert len(caplog.records) == 1


def asked(folder):
    return (folder / "asked").read_text().split() if (folder / "asked").exists() else []


def test_no_more_calls_are_repeated_than_were_on_their_way_when_the_process_was_killed(tmp_path):
    """kill -9 half way, while another program kept the store locked: everything answered by then is still there."""
    command = [sys.executable, "-m", "tests.claims_child", str(tmp_path), "120"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, **pipes) as first:
        first.stdout.readline()
        lock = connect(tmp_path / "calls.db")
        lock.execute("BEGIN IMMEDIATE")
        first.stdin.write("go\n")
        first.stdin.flush()
        until(lambda: len(asked(tmp_path)) >= 60)
        first.send_signal(signal.SIGKILL)
        first.wait()
        lock.rollback()
        lock.close()
    before = asked(tmp_path)

    second = subprocess.run(command, input="go\n", timeout=60, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)

    answers, made = json.loads(second.stdout.splitlines()[-1])
    assert 60 <= len(before) < 120
    assert answers == 120
    assert made <= 120 - len(before) + IN_FLIGHT
    assert len(asked(tmp_path)) - 120 <= IN_FLIGHT
