"""Versions and labels, in SQLite and in a real PostgreSQL alike."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from dataflows.prompt_store import (
    LabelMovedError,
    PromptStore,
    PromptStoreError,
    StoreUnavailableError,
    UnknownVersionError,
    texts_sha256,
)
from dataflows.prompt_store.database import database_at

pytest_plugins = ["tests.postgres"]

FLOW = "summarization"
TEXTS = {"chunk_prompt": "Summarize.\r\n{chunk}\t\u2028", "last_prompt": "{{}} 要約 {results} \U0001f427'\"\\"}
WHO = {"by": "Ada", "why": "won"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'prompts.db'}"
    server = request.getfixturevalue("postgres")
    return server.url(server.new_user())


@pytest.fixture
def store(url):
    return PromptStore(url)


def filled(store, count=3):
    """The store with versions that differ in one word."""
    for number in range(1, count + 1):
        store.add_version(FLOW, {"chunk_prompt": f"text {number}"}, reason="a try")
    return store


def moved(store, *numbers, label="production"):
    for number in numbers:
        store.move_label(FLOW, label, number, **WHO)
    return store


def test_a_version_comes_back_as_it_was_stored(store):
    """Texts keep every character; model, reason, author and source come with them, and the time is in UTC."""
    model = {"name": "gpt-4.1", "temperature": 0.5, "config": {"detail": "whole"}, "inputs": {}}
    before = datetime.now(UTC)

    number = store.add_version(FLOW, TEXTS, reason="first", author="Ada", model=model, source="prompts_v1.py")

    version = store.version(FLOW, number)
    assert (version.number, version.texts, version.model) == (1, TEXTS, model)
    assert (version.reason, version.author, version.source) == ("first", "Ada", "prompts_v1.py")
    assert before <= version.created_at <= datetime.now(UTC)
    assert version.created_at.utcoffset() == timedelta(0)
    assert version.sha256 == texts_sha256(TEXTS)


def test_numbers_rise_for_each_dataflow(store):
    """Each dataflow counts its own versions from 1."""
    filled(store)

    other = store.add_version("answers", TEXTS, reason="a try")

    assert other == 1
    assert [version.number for version in store.versions(FLOW)] == [1, 2, 3]
    assert store.dataflows() == ["answers", FLOW]


def test_an_identical_version_is_not_added_again(store):
    """The same texts and model have one number; another model makes another version."""
    filled(store)

    again = store.add_version(FLOW, {"chunk_prompt": "text 1"}, reason="forgotten")
    other = store.add_version(FLOW, {"chunk_prompt": "text 1"}, reason="larger", model={"name": "large"})

    assert (again, other) == (1, 4)
    assert store.version(FLOW, 1).reason == "a try"


def test_a_version_is_found_by_number_or_label(store):
    """A number may be written as one, as text or with a v."""
    moved(filled(store), 1, 2, label="staging")

    loaded = [store.load(FLOW, which) for which in (2, "2", "v2", "staging")]

    assert [(own.version, own.texts["chunk_prompt"], own.stale) for own in loaded] == [(2, "text 2", False)] * 4
    assert [own.label for own in loaded] == ["", "", "", "staging"]


def test_what_is_not_there_is_said(store):
    """A number or label that nobody made is an error that names it."""
    filled(store)

    for which, message in [(9, "version '9'"), ("v9", "version 'v9'"), ("nightly", "label 'nightly'"), ("v0", "label")]:
        with pytest.raises(UnknownVersionError, match=f"has no {message}"):
            store.version(FLOW, which)


def test_an_empty_database_has_nothing(postgres):
    """Reading a database without our tables gives nothing and makes nothing."""
    user = postgres.new_user()
    empty = PromptStore(postgres.url(user))

    assert (empty.dataflows(), empty.versions(FLOW), empty.labels(FLOW), empty.log(FLOW)) == ([], [], {}, [])
    with pytest.raises(UnknownVersionError):
        empty.load(FLOW, "production")
    assert postgres.run(user, "SELECT to_regclass('prompt_versions')") == [[None]]


def test_reading_makes_no_file(tmp_path):
    """A SQLite store that isn't there is unavailable, and still isn't there, also after a label's move."""
    absent = PromptStore(tmp_path / "absent.db")

    for ask in (lambda: absent.load(FLOW, 1), lambda: absent.move_label(FLOW, "production", 1, **WHO)):
        with pytest.raises(StoreUnavailableError, match=r"absent\.db can't be asked"):
            ask()
    assert list(tmp_path.iterdir()) == []


def test_every_move_is_logged(store):
    """The log says which label went where, when, by whom and why, the newest first."""
    before = datetime.now(UTC)
    filled(store).move_label(FLOW, "production", 1, by="Ada", why="first")
    store.move_label(FLOW, "staging", "v3", by="Bo", why="to try")
    store.move_label(FLOW, "production", "staging", by="Cy", why="tried")

    log = store.log(FLOW)

    told = [(move.label, move.before, move.after, move.by, move.why) for move in log]
    assert told == [
        ("production", 1, 3, "Cy", "tried"),
        ("staging", None, 3, "Bo", "to try"),
        ("production", None, 1, "Ada", "first"),
    ]
    assert all(before <= move.at <= datetime.now(UTC) for move in log)
    assert [move.label for move in store.log(FLOW, "staging")] == ["staging"]
    assert store.log(FLOW, most=1) == log[:1]
    assert store.labels(FLOW) == {"production": 3, "staging": 3}


def test_rolling_back_goes_one_step_further_each_time(store):
    """A roll back undoes the last move that stands, whatever was undone before; the log shows which."""
    moved(filled(store, 4), 1, 2, 3)

    first = store.roll_back(FLOW, "production", by="Bo", why="worse")
    moved(store, 4)
    others = [store.roll_back(FLOW, "production", by="Bo", why="worse") for _ in range(2)]

    assert (first.before, first.after) == (3, 2)
    assert [(move.before, move.after) for move in others] == [(4, 2), (2, 1)]
    assert store.labels(FLOW) == {"production": 1}
    log = {move.id: move for move in store.log(FLOW)}
    assert [log[move.undoes].after for move in (first, *others)] == [3, 4, 2]
    assert [move.after for move in log.values() if move.is_undone] == [4, 3, 2]


def test_there_is_nothing_before_the_first_move(store):
    """A label that pointed nowhere before can't be rolled back, nor can one that isn't there."""
    moved(filled(store), 1)

    with pytest.raises(PromptStoreError, match="pointed nowhere before v1"):
        store.roll_back(FLOW, "production", **WHO)
    with pytest.raises(UnknownVersionError, match="has no label 'nightly'"):
        store.roll_back(FLOW, "nightly", **WHO)


def test_a_label_that_somebody_moved_meanwhile_stays(store):
    """Whoever expects it elsewhere gets an error, for a move, a roll back and a new label."""
    moved(filled(store), 1, 2)

    with pytest.raises(LabelMovedError, match="production of summarization points at v2 and no longer at v1"):
        store.move_label(FLOW, "production", 3, **WHO, expected=1)
    with pytest.raises(LabelMovedError):
        store.roll_back(FLOW, "production", **WHO, expected=1)
    with pytest.raises(LabelMovedError):
        store.move_label(FLOW, "production", 3, **WHO, expected=0)
    with pytest.raises(LabelMovedError, match="isn't there"):
        store.move_label(FLOW, "staging", 3, **WHO, expected=1)
    assert store.labels(FLOW) == {"production": 2}
    assert store.move_label(FLOW, "production", 3, **WHO, expected=2).after == 3
    assert store.move_label(FLOW, "staging", 3, **WHO, expected=0).before is None


def test_a_move_that_makes_no_sense_is_refused(store):
    """To where it is, to nowhere, by nobody or for no reason: nothing is logged."""
    moved(filled(store), 1)

    for arguments, message in [
        (("production", 1, "Ada", "again"), "points at v1 already"),
        (("production", 9, "Ada", "higher"), "has no version '9'"),
        (("production", 2, " ", "why"), "who moves the label is empty"),
        (("production", 2, "Ada", ""), "why the label is moved is empty"),
        (("v2", 2, "Ada", "why"), "'v2' is how a version is called"),
        (("a b", 2, "Ada", "why"), "'a b' is no name of a label"),
        (("x" * 81, 2, "Ada", "why"), "has 81 characters; at most 80 are allowed"),
    ]:
        label, number, by, why = arguments
        with pytest.raises(PromptStoreError, match=message):
            store.move_label(FLOW, label, number, by=by, why=why)
    assert len(store.log(FLOW)) == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"texts": {}}, "has 0 prompts"),
        ({"texts": {"a b": ""}}, "'a b' is not a plain name"),
        ({"texts": {"a_prompt": "nul \0"}}, "a_prompt has a NUL character at position 4"),
        ({"texts": {"a_prompt": "\ud800"}}, "half a character"),
        ({"texts": {"a_prompt": "x" * 1_000_001}}, "a text of 1000001 characters"),
        ({"reason": ""}, "the reason is empty"),
        ({"reason": "x" * 2_001}, "the reason has 2001 characters"),
        ({"author": "\0"}, "the author has a NUL"),
        ({"model": {"temperature": float("nan")}}, "not plain values"),
        ({"model": {"stop": {1}}}, "not plain values"),
        ({"model": {"stop": ("a",)}}, "would be read back differently"),
        ({"model": {"name": "\0"}}, "the model's settings has a NUL"),
        ({"model": {"inputs": [{"API-Key": "x"}]}}, "an entry 'API-Key'; keys are never stored"),
        ({"dataflow": "../x"}, "is no name of a dataflow"),
    ],
)
def test_what_can_not_be_stored_is_refused(tmp_path, changed, message):
    """Before the database is touched, with a sentence that says what is wrong."""
    store = PromptStore(tmp_path / "prompts.db")
    arguments = {"dataflow": FLOW, "texts": TEXTS, "reason": "first", **changed}

    with pytest.raises(PromptStoreError, match=message):
        store.add_version(**arguments)
    assert not (tmp_path / "prompts.db").exists()


def test_the_database_itself_refuses_to_change_what_is_stored(store):
    """Versions and moves can't be changed or deleted, whoever asks the database."""
    moved(filled(store), 1, 2)
    stored = store.versions(FLOW), store.log(FLOW)

    for statement in (
        "UPDATE prompt_versions SET texts = '{}'",
        "DELETE FROM prompt_versions WHERE number = 3",
        "UPDATE prompt_label_moves SET why = 'x'",
        "DELETE FROM prompt_label_moves",
    ):
        with pytest.raises(StoreUnavailableError, match="never changed or deleted"), store._database.writing() as run:
            run(statement)
    assert (store.versions(FLOW), store.log(FLOW)) == stored


@pytest.mark.parametrize("key", ["1, 'new'", "9, content_sha256"])
def test_sqlite_replaces_no_version(tmp_path, key):
    """REPLACE, which passes by the triggers of UPDATE and DELETE, is refused as well."""
    filled(PromptStore(tmp_path / "prompts.db"))
    number, content = key.split(", ")

    with (
        sqlite3.connect(tmp_path / "prompts.db") as connection,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        connection.execute(
            f"REPLACE INTO prompt_versions SELECT dataflow, {number}, 'x', model, {content}, reason, author, source,"
            " created_at FROM prompt_versions WHERE number = 1"
        )


def test_postgresql_is_not_emptied(postgres):
    """TRUNCATE is refused as well."""
    user = postgres.new_user()
    store = filled(PromptStore(postgres.url(user)))

    with pytest.raises(Exception, match="never changed or deleted"):
        postgres.run(user, "TRUNCATE prompt_versions CASCADE")
    assert len(store.versions(FLOW)) == 3


def test_a_version_that_was_changed_behind_the_triggers_is_not_given_out(tmp_path):
    """Its hash no longer fits, and the error says so."""
    store = filled(PromptStore(tmp_path / "prompts.db"))
    with sqlite3.connect(tmp_path / "prompts.db") as connection:
        connection.execute("DROP TRIGGER prompt_versions_update")
        connection.execute('UPDATE prompt_versions SET texts = \'{"chunk_prompt": "evil"}\' WHERE number = 2')

    with pytest.raises(PromptStoreError, match="v2 of summarization was changed inside the database"):
        store.load(FLOW, 2)
    assert store.load(FLOW, 1).texts == {"chunk_prompt": "text 1"}


def test_a_store_is_brought_to_the_next_schema(url):
    """Steps that are missing are made in one transaction, those made before are not repeated."""
    filled(PromptStore(url))
    database = database_at(url)
    later = [["never run"], ["CREATE TABLE prompt_notes (note TEXT)", "INSERT INTO prompt_notes (note) VALUES ('x')"]]

    for _ in range(2):
        with database.writing() as run:
            database.migrate(run, later)

    with database.reading() as run:
        assert [list(row) for row in run("SELECT note FROM prompt_notes")] == [["x"]]
    with pytest.raises(PromptStoreError, match="has schema 2; this code knows up to 1"):
        PromptStore(url).versions(FLOW)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "address is a path"),
        ("mysql://x", "address is a path"),
        ("sqlite:///:memory:", "address is a path"),
        ("sqlite://host/x", "address is a path"),
        ("postgresql://host/db", "has no user"),
        ("postgresql://u:hidden@h:port/db", "a port or parameters"),
        ("postgresql://u:hidden@h/db?sslmode=maybe", "sslmode is 'maybe'"),
        ("postgresql://u:hidden@h/db?options=x", "a parameter 'options'"),
    ],
)
def test_an_address_that_is_none_is_refused(address, message):
    """The sentence says what is wrong and never repeats a password."""
    with pytest.raises(PromptStoreError, match=message) as caught:
        PromptStore(address)
    assert "hidden" not in str(caught.value)


def test_the_place_of_a_store_has_no_password(postgres):
    """Neither the place, nor the error for a wrong password, nor that for a server that isn't there has it."""
    wrong = PromptStore(postgres.url("owner", "hidden"))
    away = PromptStore("postgresql://u:hidden@127.0.0.1:1/db")

    with pytest.raises(StoreUnavailableError, match="password authentication failed") as refused:
        wrong.labels(FLOW)
    with pytest.raises(StoreUnavailableError, match=r"db at 127\.0\.0\.1:1 can't be asked") as unreached:
        away.labels(FLOW)
    assert "hidden" not in f"{wrong.place}{away.place}{refused.value}{unreached.value}"


def test_a_password_of_the_environment_and_a_socket_are_taken(postgres, monkeypatch):
    """PGPASSWORD stands in for one in the address, and host may be a socket's folder."""
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    user = postgres.new_user()

    store = filled(PromptStore(f"postgresql://{user}@:{postgres.port}/postgres?host={postgres.folder}"))

    assert len(store.versions(FLOW)) == 3
