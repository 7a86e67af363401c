"""Definitions of A/B tests, their log, and what a service writes: the same in SQLite and PostgreSQL."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dataflows.ab import (
    ABTestChangedError,
    ABTestError,
    Arm,
    ArmPrompts,
    LiveTests,
    UnknownABTestError,
    killed,
    live_tests_from,
    reweighted,
    started,
    stopped,
    with_arm,
)
from dataflows.ab.definition_json import from_json, to_json
from dataflows.ab.delivery import Delivery
from dataflows.ab.known_test import KnownTest
from dataflows.ab.rows import Outcome
from dataflows.ab.tables import EXPOSURE, OUTCOME
from tests.ab_makers import CANDIDATE, CONTROL, LOG, NAME, draft_test, passed, running_test
from tests.conftest import until
from workbench.ab.figures import ArmCount, read_figures
from workbench.settings import ROOT

pytest_plugins = ["tests.ab_fixtures"]


def rows_of(tests, table):
    with tests.database.reading() as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def test_every_change_stays_with_who_and_why(tests):
    """A draft, its start, other weights and its end are four versions; what is read is what was added."""
    made = draft_test()
    begun = started(made, passed(made.arms), by="Grace", why="it passed")
    lighter = reweighted(begun, {"control": 90.0, "candidate": 10.0}, by="Ada", why="carefully \ud800\0 é")
    ended = stopped(lighter, by="Ada", why="it won")
    for own in (made, begun, lighter, ended):
        tests.add(own)

    assert tests.versions(NAME) == [ended, lighter, begun, made]
    assert tests.current(NAME) == ended
    assert tests.all() == [ended]
    assert [(own.state, own.by) for own in tests.versions(NAME)][1:3] == [("running", "Ada"), ("running", "Grace")]


def test_two_who_change_a_test_at_once_do_not_overwrite_each_other(tests):
    """The second one is refused, also one who makes a test whose name is taken."""
    begun = running_test(tests)
    tests.add(reweighted(begun, {"control": 1.0, "candidate": 3.0}, **LOG))

    with pytest.raises(ABTestChangedError, match="somebody else changed it meanwhile"):
        tests.add(killed(begun, **LOG))
    with pytest.raises(ABTestChangedError, match="there is one already"):
        tests.add(draft_test())
    with pytest.raises(UnknownABTestError, match="no A/B test 'other'"):
        tests.current("other")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda begun, _: started(begun, begun.arms, **LOG), "is running; it can't be started"),
        (lambda begun, _: reweighted(stopped(begun, **LOG), begun.weights, **LOG), "is stopped; it can't be changed"),
        (lambda begun, _: stopped(killed(begun, **LOG), **LOG), "is killed; it can't be stopped"),
        (lambda _, made: started(made, made.arms, **LOG), "control of shorter has not passed the gate"),
        (
            lambda begun, _: with_arm(begun, Arm("third", 10.0, CONTROL.prompts), **LOG),
            "third of shorter has not passed",
        ),
        (lambda begun, _: reweighted(begun, {"control": 1.0}, **LOG), "weights are given for control; arms are"),
        (lambda begun, _: reweighted(begun, {"control": 0.0, "candidate": 1.0}, **LOG), "has the weight 0"),
        (lambda begun, _: reweighted(begun, {"control": 1.0, "candidate": float("nan")}, **LOG), "candidate is nan"),
        (lambda begun, _: killed(begun, by="Ada", why=" "), "why is empty"),
        (lambda begun, _: killed(begun, by="Ada", why="x" * 2_001), "why has 2,001 characters"),
        (lambda *_: draft_test(CONTROL), "has 1 arm; 2 to 10"),
        (lambda *_: draft_test(CONTROL, CONTROL), "two arms of one name"),
        (lambda *_: draft_test(name="no blanks"), "name of the A/B test is 'no blanks'"),
        (lambda *_: draft_test(CONTROL, Arm("b", 1.0, ArmPrompts("module", "../v1"))), "is no version for b"),
        (lambda *_: draft_test(CONTROL, Arm("b", 1.0, ArmPrompts("config", "v1"))), "needs the file of its variants"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_in_a_sentence(change, said):
    """It says the thing, its value and the limit."""
    made = draft_test()
    begun = started(made, passed(made.arms), **LOG)

    with pytest.raises(ABTestError, match=said):
        change(begun, made)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"[" * 100_000, to_json(draft_test())[:-1], b"\xff"])
def test_a_row_written_by_hand_is_no_test(body):
    """It is refused as such, whatever it is."""
    with pytest.raises(ABTestError, match="can't be read"):
        from_json(body)


def test_an_exposure_is_logged_once_a_day_or_once_for_each_request(tests, live, database_url):
    """Also by another process; what is stored holds no user's name."""
    running_test(tests)
    other = LiveTests(database_url, key=b"secret")
    for service in (live, live, other):
        service.exposed(service.assign(NAME, "ada@example.org"))
    for request in ("r1", "r1", "r2"):
        live.exposed(live.assign(NAME, "r-unit"), request)

    assert live.flush() and other.flush()

    found = rows_of(tests, EXPOSURE)
    assert len(found) == 3
    assert len({row.unit for row in found}) == 2
    assert "ada" not in str(found) and "r1" not in [row.occasion for row in found]


def test_the_first_outcome_of_a_unit_counts(tests, live):
    """People look while the test runs, so what was seen stays; outcomes of units that saw no arm aren't counted."""
    test = running_test(tests)
    units = [f"user {number}" for number in range(40)]
    for unit in units:
        live.exposed(live.assign(NAME, unit))
        live.outcome(NAME, unit, "helpful", live.assign(NAME, unit).arm.name == "candidate")
        live.outcome(NAME, unit, "helpful", 0.25)
    live.outcome(NAME, "a stranger", "helpful", 1)
    live.outcome(NAME, units[0], "another", 1)
    assert live.flush()

    figures = read_figures(tests, test)

    assert (figures.count("control").rate, figures.count("candidate").rate) == (0.0, 1.0)
    assert {arm: own.units for arm, own in figures.counts.items()} == figures.exposed
    assert sum(figures.exposed.values()) == 40
    assert len(rows_of(tests, OUTCOME)) == 42


def test_a_unit_that_weights_moved_counts_for_the_arm_it_saw_first(tests, live, database_url):
    """It is neither left out nor counted twice."""
    test = running_test(tests, CONTROL, Arm("candidate", 0.0, CANDIDATE.prompts))
    live.exposed(live.assign(NAME, "ada"))
    tests.add(reweighted(test, {"control": 1e-9, "candidate": 1_000_000.0}, **LOG))
    later = LiveTests(database_url, key=b"secret")
    moved = later.assign(NAME, "ada")
    live.flush()
    later.exposed(moved, "another occasion")
    later.outcome(NAME, "ada", "helpful", 1)
    assert later.flush()

    figures = read_figures(tests, test)

    assert moved.arm.name == "candidate"
    assert figures.exposed == {"control": 1}
    assert figures.counts == {"control": ArmCount(1, 1.0)}


@pytest.mark.parametrize(
    ("unit", "name", "value"),
    [("", "n", 1), ("u", "no name", 1), ("u", "n", 1.01), ("u", "n", float("nan")), ("u", "n", "1")],
)
def test_an_outcome_that_makes_no_sense_is_refused_and_logged(tmp_path, caplog, unit, name, value):
    """It raises nothing: a service goes on."""
    service = LiveTests(tmp_path / "runs.db")

    assert not service.outcome(NAME, unit, name, value)
    assert "an outcome was refused" in caplog.text


def test_a_test_that_is_no_more_or_not_yet_running_gives_the_control_arm(file_tests, tmp_path):
    """A draft, a stopped and a killed one; none of them is an exposure. Of an unknown one there is no arm."""
    begun = running_test(file_tests)
    file_tests.add(killed(begun, **LOG))
    file_tests.add(draft_test(name="draft"))
    service = LiveTests(tmp_path / "runs.db")

    found = [service.assign(name, f"u{number}") for name in (NAME, "draft") for number in range(20)]

    assert {(own.arm.name, own.is_split) for own in found} == {("control", False)}
    assert service.assign("unknown", "u").arm is None
    service.exposed(found[0])
    assert service.flush() and not rows_of(file_tests, EXPOSURE)


class Clock:
    """Seconds that a test sets."""

    now = 1_000.0

    def __call__(self):
        return self.now


def test_the_kill_switch_is_seen_within_its_age():
    """However often it is asked before: what is known was asked for at most that long ago."""
    clock, made = Clock(), draft_test()
    begun = started(made, passed(made.arms), **LOG)
    says = [begun]
    known = KnownTest(lambda: says[0], 30.0, clock=clock)
    assert known.get() == (begun, True)
    says[0] = killed(begun, **LOG)

    clock.now += 10
    early = known.get()
    clock.now += 20.1

    assert early == (begun, True)
    assert known.get() == (says[0], True)


def test_while_the_database_is_away_the_last_known_counts_until_it_is_too_old(caplog):
    """Then it is said to count no more, so that everybody gets the control arm; that is logged once."""
    clock, made = Clock(), draft_test()
    is_away = []

    def read():
        if is_away:
            raise ABTestError("the database is away")
        return made

    known = KnownTest(read, 30.0, clock=clock)
    known.get()
    is_away.append(True)
    found = []
    for seconds in (16, 10, 10, 60):
        clock.now += seconds
        found.append(known.get()[1])
        assert until(lambda: not known._is_asking)
    is_away.clear()
    clock.now += 60

    assert found == [True, True, False, False]
    assert until(lambda: known.get() == (made, True))
    assert caplog.text.count("the database is away") == 1


def test_a_database_that_hangs_holds_up_one_request_only():
    """The first one waits a second for it; those after it get what is known, and the database is asked once."""
    gate, asked = threading.Event(), []

    def read():
        asked.append(1)
        gate.wait(20)
        raise ABTestError("too late")

    known = KnownTest(read, 30.0)
    first = known.get()
    found = [known.get() for _ in range(1_000)]
    gate.set()

    assert first == (None, False)
    assert set(found) == {(None, False)}
    assert len(asked) == 1


def test_rows_wait_for_a_database_that_is_away_and_new_ones_are_refused_when_too_many_do():
    """Nothing is raised; what waited is written once it answers."""
    written, is_away = [], threading.Event()

    def write(rows):
        if not is_away.is_set():
            raise OSError("away")
        written.extend(rows)

    delivery = Delivery(write, most_waiting=3)
    rows = [Outcome("t", "n", f"u{number}", 1.0, 0.0) for number in range(5)]

    taken = [delivery.give(row) for row in rows]
    before = delivery.flush(0.2)
    is_away.set()

    assert taken == [True, True, True, False, False]
    assert (before, delivery.flush(10), delivery.refused) == (False, True, 2)
    assert written == rows[:3]


def test_a_database_that_is_away_fails_no_request(tmp_path):
    """There is no such folder: nobody is split, and what is logged waits."""
    service = LiveTests(tmp_path / "missing" / "runs.db")

    assignment = service.assign(NAME, "ada")
    service.exposed(assignment)

    assert (assignment.arm, assignment.is_split) == (None, False)
    assert service.outcome(NAME, "ada", "helpful", 1)
    assert not service.flush(0.1)
    (tmp_path / "missing").mkdir()
    assert service.flush(10)


def test_many_threads_log_each_unit_once(tests, live):
    """Eight threads with the same hundred units leave a hundred exposures and outcomes."""
    running_test(tests)

    def visit(number):
        unit = f"user {number % 100}"
        live.exposed(live.assign(NAME, unit))
        live.outcome(NAME, unit, "helpful", 1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(visit, range(800)))
    assert live.flush()

    assert (len(rows_of(tests, EXPOSURE)), len(rows_of(tests, OUTCOME))) == (100, 100)


@pytest.mark.parametrize("module", ["workbench.ab", "dataflows.ab"])
def test_importing_it_loads_no_heavy_package(module):
    """Neither Streamlit nor Hamilton nor SQLAlchemy, not even to split."""
    code = (
        f"import sys, {module} as ab; ab.arm_of('t', {{'a': 1.0}}, 'u');"
        "print([name for name in ('streamlit', 'hamilton', 'sqlalchemy', 'numpy') if name in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "AB_DATABASE is empty"),
        ({"AB_DATABASE": "x.db", "AB_MAX_AGE_SECONDS": "soon"}, "AB_MAX_AGE_SECONDS is 'soon'"),
        ({"AB_DATABASE": "x.db", "AB_MAX_AGE_SECONDS": "inf"}, "AB_MAX_AGE_SECONDS is 'inf'"),
    ],
)
def test_an_environment_that_makes_no_sense_is_refused(environment, said):
    """When the service starts, and not with its first request."""
    with pytest.raises(ABTestError, match=said):
        live_tests_from(environment)
