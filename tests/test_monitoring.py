"""Figures over time: sums, percentiles, steps, changes of version and filters; in SQLite and in PostgreSQL."""

import math
import random
import time
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from tests.kept_runs import kept
from workbench.history import monitoring, tables
from workbench.history.history import History
from workbench.history.kept import KeptCall
from workbench.history.monitoring_changes import StepCalls, changes_of
from workbench.history.monitoring_days import day_of, day_rows, midnight
from workbench.history.monitoring_frame import MOST_STEPS, frame_of
from workbench.history.monitoring_records import Asked, Sums, Values
from workbench.history.rollups import bucket_of
from workbench.history.spool import Spool

pytest_plugins = ["tests.history_fixtures"]

DAY = 86_400
MONDAY = 1_700_438_400.0
"""20 November 2023, 00:00 UTC."""


@contextmanager
def zone(name):
    """This machine's time zone is another one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def utc():
    """Days are those of UTC, unless told."""
    with zone("UTC"):
        yield


@pytest.fixture(scope="module")
def emptied(tmp_path_factory):
    """Gives one history again and again, without figures: making its tables takes longer than an example."""
    folder = tmp_path_factory.mktemp("split")
    made = History(folder / "runs.db", Spool(folder))

    def again():
        with made._database.writing() as connection:
            connection.execute(delete(tables.ROLLUP))
        return made

    yield again
    made.close()


def call(at, seconds=1.0, *, model="m", cost=0.01, failed=False, tokens=(100, 20), made=True):
    return KeptCall("", model, at, seconds, *tokens, cost, is_made=made, is_failed=failed)


def run_of(*calls, **fields):
    """A run that made these calls."""
    label = fields.pop("version", "v1")
    return kept("", prompts={}, calls=list(calls), at=calls[0].at, variant=label, base=label, **fields)


def row(at, *, version="v1", count=1, seconds=1.0, failed=False, model="m", source="app", kind="call"):
    """A row of an hour."""
    own = {"hour": int(at // 3600), "kind": kind, "dataflow": "summarization", "version": version, "model": model}
    own |= {"source": source, "bucket": -1 if failed else bucket_of(seconds), "count": count}
    return own | {"input_tokens": 100 * count, "output_tokens": 20 * count, "cost_usd": 0.5 * count, "seconds": 0.0}


def fill(history, rows, *, with_days):
    """Rows as they are kept; those of one key once."""
    found = list({tuple(list(own.values())[:7]): own for own in rows}.values())
    with history._database.writing() as connection:
        connection.execute(insert(tables.ROLLUP), [*found, *(day_rows(found) if with_days else [])])
    return found


def read(history, since, until, **asked):
    return monitoring.read_figures(history, lambda _: Asked(until, since, **asked))[0]


def test_a_history_without_calls_gives_no_points(history):
    """Nothing is known, and nothing can be chosen."""
    found, known = monitoring.read_figures(history, lambda _: Asked(MONDAY))

    assert (found.points, found.live, found.total, found.before) == ((), (), Sums(), None)
    assert known == Values()


def test_calls_of_kept_runs_are_summed_in_their_steps(history):
    """Each call counts in the hour it ended in; failed ones count as errors, and reused ones not at all."""
    calls = [call(MONDAY + 60), call(MONDAY + 3700, failed=True, cost=None, tokens=(0, 0))]
    history.put([run_of(*calls, call(MONDAY + 70, made=False)), run_of(call(MONDAY + 4000), version="v2")])

    found = read(history, MONDAY, MONDAY + 2 * 3600)

    assert [(own.at - MONDAY, own.ends - MONDAY) for own in found.points] == [(0, 3600), (3600, 7200)]
    assert [(own.sums.calls, own.sums.errors, own.sums.runs) for own in found.points] == [(1, 0, 1), (2, 1, 1)]
    assert [own.sums.error_share for own in found.points] == [0.0, 0.5]
    assert (found.total.input_tokens, found.total.output_tokens) == (200, 40)
    assert found.total.cost_usd == pytest.approx(0.02)
    assert [(own.version, own.calls) for own in found.versions] == [("v1", 1), ("v1", 1), ("v2", 1)]
    assert [(own.version, own.first, own.last) for own in found.live] == [
        ("v1", MONDAY, MONDAY + 3600),
        ("v2", MONDAY + 3600, MONDAY + 3600),
    ]


@pytest.mark.parametrize("with_days", [True, False], ids=["days", "hours"])
@pytest.mark.parametrize(
    ("days", "name"), [(2, "hour"), (9, "3 hours"), (40, "day"), (400, "week"), (1_000, "4 weeks")]
)
def test_a_span_is_summed_alike_in_steps_of_any_length(history, days, name, with_days):
    """Whatever the steps, and whether days have rows of their own or not, they add up to what was put in."""
    own = random.Random(days)
    until = MONDAY + 1_000 * DAY
    rows = [row(until - own.random() * days * DAY, version=own.choice(["v1", "v2"])) for _ in range(100)]
    rows += [row(until - own.random() * days * DAY, kind="run") for _ in range(20)]
    rows = fill(history, [*rows, row(until - days * DAY - 1, count=7)], with_days=with_days)
    calls = sum(1 for row in rows if row["kind"] == "call") - 1

    found = read(history, until - days * DAY, until)

    assert found.frame.step_name == name
    assert len(found.points) <= MOST_STEPS + 1
    assert (found.total.calls, found.total.input_tokens, found.total.cost_usd) == (calls, 100 * calls, 0.5 * calls)
    assert found.total.runs == len(rows) - calls - 1
    assert sum(point.sums.calls for point in found.points) == calls
    assert sum(point.sums.runs for point in found.points) == found.total.runs
    assert sum(version.sums.calls for version in found.live) == calls
    assert sum(step.calls for step in found.versions) == calls
    assert all(left.ends == right.at for left, right in pairwise(found.points))
    assert found.before.calls == 7


def test_percentiles_are_within_a_tenth_of_the_true_ones(history):
    """p50 and p95, of all and of each version, against those of the sorted durations."""
    own = random.Random(7)
    taken = {version: [own.lognormvariate(place, 0.8) for _ in range(400)] for place, version in enumerate("ab")}
    history.put(
        [run_of(*(call(MONDAY, seconds) for seconds in known), version=version) for version, known in taken.items()]
    )

    found = read(history, MONDAY, MONDAY + 3600)

    known = {live.version: (live.sums, taken[live.version]) for live in found.live}
    for sums, durations in [*known.values(), (found.total, taken["a"] + taken["b"])]:
        for share, said in ((0.5, sums.p50), (0.95, sums.p95)):
            true = sorted(durations)[math.ceil(share * len(durations)) - 1]
            assert abs(said - true) / true < 0.1


def test_a_span_of_failed_calls_has_no_latency(history):
    """What failed has no duration that says anything."""
    history.put([run_of(call(MONDAY, 9.0, failed=True))])

    total = read(history, MONDAY, MONDAY + 3600).total

    assert (total.calls, total.errors, total.p50, total.p95) == (1, 1, None, None)


def test_each_filter_gives_just_what_it_says(history):
    """Filters narrow the sums, alone and together."""
    rows = [row(MONDAY), row(MONDAY, version="v2", model="large", count=10)]
    fill(history, [*rows, row(MONDAY, version="v2", source="tickets", count=4)], with_days=False)
    wanted = [({}, 15), ({"version": "v2"}, 14), ({"model": "large"}, 10), ({"source": "tickets"}, 4)]
    wanted += [({"dataflow": "other"}, 0), ({"version": "v2", "model": "m"}, 4)]

    found = [read(history, MONDAY, MONDAY + 3600, **asked) for asked, _ in wanted]

    assert [own.total.calls for own in found] == [calls for _, calls in wanted]
    assert [sum(step.calls for step in own.versions) for own in found] == [calls for _, calls in wanted]


@pytest.mark.parametrize("with_days", [True, False])
def test_what_can_be_asked_for_is_of_all_times(history, with_days):
    """A version that made its last call years ago can still be chosen."""
    fill(history, [row(MONDAY, version="v0"), row(MONDAY + 900 * DAY, model="n", source="s")], with_days=with_days)

    _, known = monitoring.read_figures(history, lambda _: Asked(MONDAY + 900 * DAY, MONDAY + 899 * DAY))

    assert known == Values(("summarization",), ("v0", "v1"), ("m", "n"), ("app", "s"))


def test_all_begins_with_the_first_call(history):
    """Without a begin, the span is as long as the history, and has none before it."""
    fill(history, [row(MONDAY), row(MONDAY + 3 * DAY)], with_days=True)

    found = read(history, 0.0, MONDAY + 3 * DAY + 1)

    assert (found.total.calls, found.points[0].at, found.before) == (2, MONDAY, None)


def test_models_without_any_cost_are_named(history):
    """Those whose calls used tokens and cost nothing that is known."""
    history.put([run_of(call(MONDAY), call(MONDAY, model="free", cost=None), call(MONDAY, model="nought", cost=0.0))])

    assert read(history, MONDAY, MONDAY + 3600).unpriced == ("free", "nought")
    assert read(history, MONDAY, MONDAY + 3600, model="m").unpriced == ()


def test_a_change_of_version_is_found_whatever_is_looked_at(history):
    """The mark stands at the first call of the version that took over, also when another one is asked for."""
    rows = [row(MONDAY + hour * 3600, version="v2" if hour >= 30 else "v1", count=20) for hour in range(60)]
    fill(history, rows, with_days=False)

    for asked in ({}, {"version": "v1"}, {"model": "none"}):
        (change,) = read(history, MONDAY, MONDAY + 60 * 3600, **asked).changes
        assert (change.at, change.before, change.after) == (MONDAY + 30 * 3600, "v1", "v2")
        assert (change.dataflow, change.source) == ("summarization", "app")


def steps_of(*steps, source="app"):
    """Calls of each version in steps that follow each other."""
    return [
        StepCalls(number, "d", source, version, count, float(number))
        for number, step in enumerate(steps)
        for version, count in step.items()
    ]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([{"v1": 30}, {"v2": 30}, {"v1": 30}], [(1.0, "v1", "v2"), (2.0, "v2", "v1")]),
        ([{"v1": 90}, {"v1": 60, "v2": 30}, {"v1": 10, "v2": 80}], [(2.0, "v1", "v2")]),
        ([{"v1": 50}, {"v1": 49, "v2": 51}, {"v1": 52, "v2": 48}] * 20, []),
        ([{"v1": 500}, {"v1": 450, "v2": 550}], [(1.0, "v1", "v2")]),
        ([{"v1": 1}, *[{"v2": 1}] * 9], []),
        ([{"v1": 1}, *[{"v2": 1}] * 12], [(1.0, "v1", "v2")]),
        ([{"v1": 30}, {"v1 (draft)": 300}], []),
        ([{"v1": 30}], []),
        ([], []),
    ],
    ids=["back and forth", "canary", "A/B", "ramp", "too few", "slow", "draft", "one", "none"],
)
def test_a_version_takes_over_by_more_than_chance(steps, found):
    """A change is where another version leads clearly; an A/B test of equal shares is none."""
    assert [(own.at, own.before, own.after) for own in changes_of(steps_of(*steps))] == found


def test_each_source_changes_its_version_by_itself():
    """A service that stays with a version is not touched by what people try in the app."""
    counted = steps_of({"v1": 50}, {"v1": 50}, source="tickets") + steps_of({"v1": 50}, {"v2": 50})

    assert [(own.source, own.after) for own in changes_of(reversed(counted))] == [("app", "v2")]


@given(
    since=st.floats(3e8, 1.9e9),
    hours=st.floats(0.01, 24 * 365 * 40),
    place=st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"]),
)
@settings(max_examples=60)
def test_a_chart_has_at_most_120_whole_steps(since, hours, place):
    """Spans up to 40 years, in any zone: the steps cover the span without a gap."""
    with zone(place):
        frame = frame_of(since, since + hours * 3600)

        steps = frame.steps()
        assert len(steps) <= MOST_STEPS + 2  # the first and the last may be cut
        assert (steps[0][1], steps[-1][2]) == (frame.since, frame.until)
        assert frame.since <= since
        assert frame.until >= since + hours * 3600 - 0.01
        assert all(left[2] == right[1] and left[1] < left[2] for left, right in pairwise(steps))


@pytest.mark.parametrize("with_days", [True, False])
def test_days_are_those_of_this_machine(history, with_days):
    """In Tokyo, 20:00 UTC is the next day; a day begins there at 15:00 UTC."""
    with zone("Asia/Tokyo"):
        fill(history, [row(MONDAY + 20 * 3600)], with_days=with_days)

        found = read(history, MONDAY - 20 * DAY, MONDAY + 2 * DAY)

    (point,) = [own for own in found.points if own.sums.calls]
    assert (point.at, point.ends) == (MONDAY + 15 * 3600, MONDAY + 39 * 3600)
    assert found.live[0].first == point.at


def test_a_moment_that_no_calendar_has_keeps_no_run_out():
    """A service whose clock is broken has its calls counted on the first or the last day there is."""
    (first,) = day_rows([row(-1e9)])
    (last,) = day_rows([row(1e14)])

    assert first["hour"] == -1
    assert last["hour"] < -1_000_000
    assert midnight(day_of(1e14)) > 2e11


CALLS = st.lists(
    st.tuples(st.integers(0, 500 * 24 - 1), st.sampled_from(["v1", "v2"]), st.booleans(), st.integers(1, 99)),
    min_size=1,
    max_size=40,
    unique_by=lambda own: own[:3],
)


@given(calls=CALLS, cuts=st.lists(st.integers(1, 499), max_size=4, unique=True), with_days=st.booleans())
@settings(max_examples=25)
def test_the_parts_of_a_span_add_up_to_the_whole(emptied, calls, cuts, with_days):
    """Cut at any midnights, so that parts have steps of other lengths: nothing is lost, nothing counted twice."""
    history = emptied()
    rows = [row(MONDAY + hour * 3600, version=name, failed=bad, count=count) for hour, name, bad, count in calls]
    fill(history, rows, with_days=with_days)
    edges = [MONDAY + day * DAY for day in (0, *sorted(cuts), 500)]

    parts = [read(history, *ends).total for ends in pairwise(edges)]
    whole = read(history, edges[0], edges[-1]).total

    for name in ("calls", "errors", "input_tokens", "output_tokens", "cost_usd"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    assert whole.calls == sum(count for *_, count in calls)


def test_rows_of_days_are_sums_of_rows_of_hours(history):
    """Nothing of an hour is missing in its day, however many come together."""
    rows = fill(history, [row(MONDAY + hour * 3600, count=hour + 1) for hour in range(48)], with_days=True)

    query = select(tables.ROLLUP).where(tables.ROLLUP.c.kind == "call-day").order_by(tables.ROLLUP.c.hour.desc())
    with history.reading() as connection:
        days = list(connection.execute(query))

    assert [own.count for own in days] == [sum(range(1, 25)), sum(range(25, 49))]
    assert sum(own.input_tokens for own in days) == sum(own["input_tokens"] for own in rows)
