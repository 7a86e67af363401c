"""Where the tracker's records go: a log, a database, the Hamilton UI; and what the environment says of it."""

import io
import json
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor

import pytest
from hamilton.lifecycle import base

from dataflows.sql_engine import engine_at
from dataflows.tracker import JsonLines, RunRecord, Tracker, adapters_from_environment, from_json, tracked_request
from dataflows.tracker.database import Database
from dataflows.tracker.hamilton_ui import HamiltonUI
from dataflows.tracker.inbox import remove, take
from dataflows.tracker.record_json import to_json
from dataflows.tracker.tables import TRACKED_RUN, row_values
from tests.tracker_flows import KEY, Kept, built, shout
from tests.tracker_worker import sender
from workbench.settings import ROOT

pytest_plugins = ["tests.history_fixtures"]


def run(*sinks, text="a", **options):
    tracker = Tracker("test", source="tests", sinks=sinks, **options)
    built(shout, adapters=[tracker]).execute(["shout"], inputs={"text": text})
    assert tracker.flush()
    return tracker


def test_a_log_has_a_line_for_each_run(tmp_path):
    """Also on a stream; what is read from it equals what was told, and only its owner can read the file."""
    path, stream, kept = tmp_path / "runs.jsonl", io.StringIO(), Kept()

    for text in ("a\u2028", "b\ud800\0"):
        run(JsonLines(path), JsonLines(stream), kept, text=text, keep_content=True)

    lines = path.read_bytes().splitlines()
    assert [from_json(line) for line in lines] == kept.records
    assert stream.getvalue().encode() == path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_many_threads_write_whole_lines(tmp_path):
    """Each with a sink of its own, as if they were processes."""
    path = tmp_path / "runs.jsonl"

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: run(JsonLines(path), text="x" * 20_000, keep_content=True), range(40)))

    assert len({json.loads(line)["run_id"] for line in path.read_text().splitlines()}) == 40


def test_a_log_without_its_folder_fails_no_run(tmp_path, caplog):
    """It is counted and said."""
    tracker = run(JsonLines(tmp_path / "missing" / "runs.jsonl"))

    assert tracker.deliveries[0].failed == 1
    assert "takes no runs, which are lost until it does: FileNotFoundError" in caplog.text


def test_runs_arrive_in_the_inbox_and_are_taken_from_it(database_url):
    """The oldest first, equal to what was told; they stay until they are removed, and numbers are not used again."""
    kept, engine = Kept(), engine_at(database_url, "tests")
    before = take(engine)
    for text in ("a", "b\ud800\0", "c"):
        with tracked_request("ticket\0\ud800"):
            run(Database(database_url), kept, text=text, keep_content=True)

    first = take(engine, limit=2)
    remove(engine, [row.id for row in first])
    with engine.begin() as connection:
        rest = take(connection)
        remove(connection, [row.id for row in rest])
    run(Database(database_url), kept)
    [last] = take(engine)

    assert before == []
    assert [row.record for row in (*first, *rest, last)] == kept.records
    assert all(row.received_at >= row.record.started_at for row in first)
    assert last.id > rest[0].id > first[1].id > first[0].id


def test_all_runs_of_several_threads_and_processes_arrive(database_url):
    """While the table isn't there yet; also of a child that was forked off a process whose connection is open."""
    command = [sys.executable, "-m", "tests.tracker_worker", database_url]
    process = subprocess.Popen([*command, "10"], cwd=ROOT)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: sender(database_url, f"thread {number}")(10), range(4)))

    assert process.wait(60) == 0
    received = take(engine_at(database_url, "tests"), limit=1_000)
    assert len({row.record.run_id for row in received}) == len(received) == 56
    assert {row.record.source for row in received} == {f"thread {n}" for n in range(4)} | {"process"}


def test_a_row_that_is_none_of_ours_stands_in_nobody_s_way(database_url):
    """It is given with its problem, and the rows after it are read."""
    kept = Kept()
    run(Database(database_url), kept)
    bad = row_values("test", "x", "nonsense", 0.0)
    with engine_at(database_url, "tests").begin() as connection:
        connection.execute(TRACKED_RUN.insert(), [bad, bad | {"body": b"\xff" * 10}, bad | {"body": b""}])
    run(Database(database_url), kept)

    received = take(engine_at(database_url, "tests"))

    assert [row.record for row in received] == [kept.records[0], None, None, None, kept.records[1]]
    assert [row.problem for row in received[1:4]] == ["this record is no JSON"] * 3


def test_a_database_that_is_away_fails_no_run(postgres, caplog):
    """Its password is in no line of the log."""
    database_url = postgres.url("nobody-there", "s3cret-pass")

    tracker = run(Database(database_url))

    assert tracker.deliveries[0].failed == 1
    assert "the database postgresql+pg8000://nobody-there:***@127.0.0.1" in caplog.text
    assert "s3cret-pass" not in caplog.text


RECORD = RunRecord("r", "test", "x", 1.0, 2.0, "done")
GOOD = json.loads(to_json(RECORD))
CALL = {"node": "n", "model": "m", "offset": 0.0, "seconds": 0.0}


def test_the_smallest_record_is_read():
    """What the bad ones below differ from."""
    assert from_json(json.dumps(GOOD | {"calls": [CALL]})).calls[0].model == "m"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "has schema '2'; this code reads 1"),
        ({"schema": True}, "has schema 'True'"),
        ({"more": 1}, "the record has 'more', which is not known here"),
        ({"run_id": 7}, "the record.run_id is int"),
        ({"run_id": "x" * 201}, r"the record.run_id is 'x+', which is not of its kind or beyond its bound"),
        ({"status": "fine"}, "the record.status is 'fine'"),
        ({"seconds": float("nan")}, "the record.seconds is float"),
        ({"seconds": 10**400}, "the record.seconds is int"),
        ({"seconds": True}, "the record.seconds is bool"),
        ({"left_out": -1}, "the record.left_out is int"),
        ({"left_out": 1.5}, "the record.left_out is float"),
        ({"git_sha": "HEAD"}, "the record.git_sha is 'HEAD'"),
        ({"tags": ["a"]}, "the record.tags is list"),
        ({"tags": {"x" * 201: "a"}}, "a name in the record.tags"),
        ({"nodes": "abc"}, "the record.nodes is 'abc'"),
        ({"nodes": [{}]}, r"the record.nodes\[0\] has no name"),
        ({"nodes": [None] * 10_001}, "the record.nodes is list"),
        ({"calls": [CALL, CALL | {"settings": {"seed": "7"}}]}, r"the record.calls\[1\].settings.seed is '7'"),
        ({"calls": [CALL | {"input_tokens": 10**13}]}, "input_tokens is int"),
        ({"calls": [CALL | {"answer": "x" * 1_000_001}]}, "answer is 'x+'"),
        ({"outputs": {"a": {"sha256": "x", "spacing_sha256": "", "characters": 1}}}, "outputs.a.sha256 is 'x'"),
    ],
)
def test_a_record_beyond_its_bounds_is_refused(change, message):
    """With a sentence that says where."""
    with pytest.raises(ValueError, match=message):
        from_json(json.dumps(GOOD | change))


@pytest.mark.parametrize("body", ["", "[]", "null", '"x"', "[" * 100_000, "7" * 5_000, b"\xff\xfe"])
def test_what_is_no_record_is_refused(body):
    """Whatever it is."""
    with pytest.raises(ValueError, match="this record"):
        from_json(body)


def test_one_that_is_too_large_is_refused_unread():
    """By its length."""
    with pytest.raises(ValueError, match="has 32,000,001 bytes; at most 32,000,000 are read"):
        from_json(b" " * 32_000_001)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"WORKBENCH_TRACK": "everything"}, "has 'everything'; it can be off, or any of jsonl:PATH, otel"),
        ({"WORKBENCH_TRACK": "jsonl:"}, "has 'jsonl'"),
        ({"WORKBENCH_TRACK": "database:mysql://x:pw@y/z"}, "begins with 'mysql'; write a path"),
        ({"WORKBENCH_TRACK": "database:sqlite://"}, "names no file"),
        ({"WORKBENCH_TRACK": "database:postgresql:///x"}, "has no user"),
        ({"WORKBENCH_TRACK": "database:postgresql://a@b/c?sslmode=maybe"}, "sslmode is 'maybe'"),
        ({"WORKBENCH_TRACK": "jsonl:x", "WORKBENCH_TRACK_CONTENT": "some"}, "it can be on or off"),
        ({"WORKBENCH_TRACK": "hamilton-ui"}, "needs HAMILTON_PROJECT_ID, a number, and HAMILTON_USERNAME"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(environment, message):
    """When the service starts, with a sentence."""
    with pytest.raises(ValueError, match=message):
        adapters_from_environment("test", environment=environment)


def test_the_environment_switches_sinks_and_content_on(tmp_path):
    """A log and a database at once; source and commit are told."""
    log, database = tmp_path / "runs.jsonl", tmp_path / "history.db"
    environment = {"WORKBENCH_TRACK": f"jsonl:{log}, database:{database}", "WORKBENCH_TRACK_CONTENT": "on"}
    environment |= {"WORKBENCH_TRACK_SOURCE": "tickets", "WORKBENCH_GIT_SHA": "ABCDEF1"}

    [tracker] = adapters_from_environment("test", environment=environment)
    built(shout, adapters=[tracker]).execute(["shout"], inputs={"text": "a"})
    tracker.flush()

    [received] = take(engine_at(database, "tests"))
    assert received.record == from_json(log.read_text())
    assert (received.record.source, received.record.git_sha) == ("tickets", "abcdef1")
    assert received.record.outputs["shout"].text == "A"
    assert adapters_from_environment("test", environment={"WORKBENCH_TRACK": "off"}) == []


@pytest.fixture
def hamilton_sdk(monkeypatch):
    """A package like the Hamilton UI's; it notes what its hooks are told, and can be away."""
    told = []

    class HamiltonTracker(base.BasePreGraphExecute):
        is_away = False

        def __init__(self, **given):
            told.append(("made", given))

        def __getattribute__(self, hook):
            def note(**given):
                if HamiltonTracker.is_away:
                    raise ConnectionError(f"Bearer {KEY}")
                told.append((hook, given))

            return note

        def pre_graph_execute(self, **_):
            """One that Hamilton knows it by."""

    package = types.ModuleType("hamilton_sdk")
    package.adapters = types.SimpleNamespace(HamiltonTracker=HamiltonTracker, told=told)
    monkeypatch.setitem(sys.modules, "hamilton_sdk", package)
    return package.adapters


UI = {"WORKBENCH_TRACK": "hamilton-ui", "HAMILTON_PROJECT_ID": "3", "HAMILTON_USERNAME": "ada"}


def broken(text: str) -> str:
    raise ValueError(f"{text} {KEY}")


def test_the_hamilton_ui_is_told_without_values(hamilton_sdk):
    """By its own tracker, from the build on; of an error it gets the sentence without the key."""
    with pytest.raises(ValueError, match=KEY):
        built(broken, adapters=adapters_from_environment("test", environment=UI)).execute(
            ["broken"], inputs={"text": "secret"}
        )

    assert hamilton_sdk.told[0] == ("made", {"project_id": 3, "username": "ada", "dag_name": "test"})
    hooks = dict(hamilton_sdk.told[1:])
    assert list(hooks) == [
        "post_graph_construct",
        "pre_graph_execute",
        "pre_node_execute",
        "post_node_execute",
        "post_graph_execute",
    ]
    assert (hooks["pre_graph_execute"]["inputs"], hooks["pre_node_execute"]["kwargs"]) == ({}, {})
    assert str(hooks["post_node_execute"]["error"]) == "ValueError: secret [redacted]"


def test_a_hamilton_ui_that_is_away_fails_no_run(hamilton_sdk, caplog):
    """Neither when the driver is built nor when it runs; it is said once, without the key."""
    hamilton_sdk.HamiltonTracker.is_away = True
    chain = built(shout, adapters=[HamiltonUI("test", project_id=3, username="ada")])

    given = [chain.execute(["shout"], inputs={"text": "a"})["shout"] for _ in range(2)]

    assert given == ["A", "A"]
    assert caplog.text.count("the Hamilton UI takes no runs") == 1
    assert KEY not in caplog.text


def test_without_its_package_the_hamilton_ui_is_refused(monkeypatch):
    """With what to install."""
    monkeypatch.setitem(sys.modules, "hamilton_sdk", None)

    with pytest.raises(ValueError, match="needs the package apache-hamilton-sdk; install it"):
        adapters_from_environment("test", environment=UI)
