"""The history: what is kept, how it is listed, opened, found, marked and deleted; in SQLite and in PostgreSQL."""

import dataclasses

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st

from dataflows.sql_engine import engine_at
from tests.kept_runs import kept
from workbench import settings
from workbench.errors import HistoryError
from workbench.history.history import History
from workbench.history.kept import Filters, KeptCall
from workbench.history.spool import Spool
from workbench.history.texts import sha256_of, with_texts, without_texts, words_of
from workbench.history.writing import put

pytest_plugins = ["tests.history_fixtures"]


def ids(page):
    return [row.id for row in page.rows]


def test_a_kept_run_is_listed_with_its_figures(history):
    """Calls, tokens and cost of a list are sums over the run's calls; reused ones cost nothing."""
    calls = [
        KeptCall("a" * 64, "m", 10.0, 1.0, 100, 10, 0.02),
        KeptCall("b" * 64, "m", 11.0, 1.0, 50, 5, 0.01, is_made=False),
        KeptCall("c" * 64, "m", 12.0, 0.0, is_failed=True),
    ]
    run = kept(calls=calls, status="failed", error="no answer")

    history.record(run)

    (row,) = history.runs().rows
    assert (row.id, row.status, row.error) == (run.id, "failed", "no answer")
    assert (row.calls_made, row.calls_reused, row.calls_failed) == (1, 1, 1)
    assert (row.input_tokens, row.output_tokens, row.cost_usd) == (150, 15, 0.02)


def test_a_run_that_is_there_is_not_kept_twice(history):
    """What is given again under the same id changes nothing."""
    run = kept("first")

    history.record(run)
    history.record(dataclasses.replace(run, variant="v9"))

    assert [row.variant for row in history.runs().rows] == ["v1"]


def test_pages_follow_each_other_without_gap_or_repetition(history):
    """Going to the older pages and back shows each run once, the newest first, also where times are equal."""
    runs = [kept(f"answer {number}", at=1_000.0 + number // 3) for number in range(25)]
    history.put(runs)

    pages = [history.runs(size=10)]
    while pages[-1].older:
        pages.append(history.runs(cursor=pages[-1].older, size=10))
    back = history.runs(cursor=pages[-1].newer, size=10)

    assert [len(page.rows) for page in pages] == [10, 10, 5]
    assert [row for page in pages for row in ids(page)] == [run.id for run in reversed(runs)]
    assert ids(back) == ids(pages[1])
    assert pages[0].newer == ""
    assert {page.total for page in pages} == {25}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "zebra"}, ["b"]),
        ({"text": "Zebras walk"}, ["b"]),
        ({"text": "zeb"}, ["b"]),
        ({"text": "Antworte"}, ["c"]),
        ({"text": "雨が"}, ["d"]),
        ({"text": "nothing like it"}, []),
        ({"text": "?!"}, []),
        ({"version": "v2"}, ["c", "b"]),
        ({"document": "rees"}, ["d", "c", "a"]),
        ({"document": "e" * 64}, ["b"]),
        ({"model": "large"}, ["a"]),
        ({"status": "failed"}, ["d"]),
        ({"person": "Bob"}, ["c"]),
        ({"source": "tickets"}, ["d"]),
        ({"since": 200.0, "until": 400.0}, ["c", "b"]),
        ({"cost_from": 0.005, "version": "v1"}, ["d", "a"]),
        ({"starred": True}, []),
        ({"document": "%"}, []),
        ({"dataflow": "other"}, []),
        ({"prompt_sha256": sha256_of("Antworte: {text}")}, ["c"]),
        ({"request_id": "r-1"}, ["d"]),
    ],
)
def test_each_filter_gives_just_what_it_says(history, asked, found):
    """Filters narrow the list, alone and together, the newest first."""
    history.put(
        [
            kept("Apes sleep.", at=100.0, id="a", model="large"),
            kept(
                "The zebras walk.",
                at=200.0,
                id="b",
                variant="v2-draft",
                base="v2",
                document="e" * 64,
                document_name="x",
            ),
            kept(
                "Ja.",
                at=300.0,
                id="c",
                variant="v2",
                base="v2",
                person="Bob",
                prompts={"answer_prompt": "Antworte: {text}"},
            ),
            kept("雨が降る。", at=400.0, id="d", source="tickets", status="failed", request_id="r-1"),
        ]
    )

    page = history.runs(Filters(**asked))

    assert ids(page) == found
    assert page.total == len(found)


@pytest.mark.parametrize("cursor", ["<", "<1", "x", "<1e5,2", "<" + "9" * 400 + ",1", "'; DROP TABLE run"])
def test_a_cursor_that_makes_no_sense_is_the_first_page(history, cursor):
    """Addresses are typed by hand too."""
    history.record(kept())

    assert len(history.runs(cursor=cursor).rows) == 1


@given(
    value=st.recursive(
        st.text() | st.integers() | st.none(), lambda own: st.lists(own) | st.dictionaries(st.text(), own)
    )
)
def test_a_value_comes_back_from_its_texts(value):
    """Whatever JSON a run has, keys like those of our own places included."""
    texts = {}

    def keep(text):
        texts[sha256_of(text)] = text
        return sha256_of(text)

    long = [value, {"$text": "x"}, "y" * 500, {"$$text": value}]

    assert with_texts(without_texts(long, keep), texts) == long


def test_a_run_is_opened_byte_for_byte(history):
    """NUL, lone surrogates and half pairs come back as they were."""
    output = "nul \x00, half \ud83d, pair \U0001f600, " + "long " * 100 + "\ud83d\ude00"
    run = kept(output, prompts={"answer_prompt": "p\x00{text}" + "q" * 200})

    history.record(run)
    opened = history.open(run.id)

    assert opened.run.output == output
    assert dict(opened.run.prompts) == {"answer_prompt": "p\x00{text}" + "q" * 200}


def test_equal_texts_are_stored_once(history):
    """Two runs with one answer share it."""
    shared = "a long answer " * 50
    history.put([kept(shared), kept(shared)])

    with history.reading() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM kept_text WHERE characters = 700").scalar()

    assert rows == 1


def test_an_output_leads_to_its_run(history):
    """Whole, with other white space, or a part of it; the answer of a call too."""
    text = "The elms of the old town were felled in 1998 because of a fungus, and limes were planted in their place."
    made = kept(text, answers=["Chunk three says that limes grow quickly in the wet meadows."])
    history.put([kept("Something else altogether."), made, kept("Limes were sold in 1998.")])

    def makers(pasted):
        return [(match.row.id, match.how, match.role) for match in history.makers(pasted)]

    assert makers(text) == [(made.id, "the whole text", "output")]
    assert makers(text.replace(" ", "\n  ")) == [(made.id, "the same but for white space", "output")]
    assert makers("wn were felled in 1998 because of a fung") == [(made.id, "a part of it", "output")]
    assert makers("limes grow quickly in the wet") == [(made.id, "a part of it", "answer")]
    assert makers("were planted because of limes") == []
    assert makers("") == []


def test_a_line_of_a_services_log_leads_to_its_run(history):
    """By the ids in it, by its answer, and by a text as JSON quotes it."""
    made = kept('She said "no".\nThen she left.', source="tickets", request_id="ticket-4711")
    history.record(made)

    lines = [
        '{"level": "info", "request_id": "ticket-4711"}',
        '{"answer": "She said \\"no\\".\\nThen she left."}',
        '"She said \\"no\\".\\nThen she left."',
        "ticket-4711",
        made.id,
    ]

    assert [[match.row.id for match in history.makers(line)] for line in lines] == [[made.id]] * 5


def test_of_calls_the_run_is_told_that_paid_for_them(history):
    """A reused answer leads to the last run before that made it."""
    first = kept(calls=[KeptCall("k" * 64, "m", 1.0, 1.0)])
    second = kept(calls=[KeptCall("k" * 64, "m", 1.0, 1.0, is_made=False)])
    history.put([first, second])

    found = history.makers_of_calls(["k" * 64, "x" * 64], before=history.row(second.id).seq)

    assert {key: row.id for key, row in found.items()} == {"k" * 64: first.id}


def test_marks_stay_with_the_run_and_change_nothing_else(history):
    """Star, name and note are set one by one, and the star is a filter."""
    run = kept()
    history.record(run)

    history.mark(run.id, by="Ada", starred=True)
    history.mark(run.id, by="Bob", note="look at page 3")

    (row,) = history.runs(Filters(starred=True)).rows
    assert (row.starred, row.name, row.note) == (True, "", "look at page 3")
    with pytest.raises(HistoryError, match="4,001 characters"):
        history.mark(run.id, by="Ada", note="x" * 4_001)


def test_deleting_says_what_goes_and_leaves_what_others_need(history):
    """Texts of this run alone go, also from search; shared ones and later runs that reused its answers stay."""
    paid = kept("Only here, in full.", answers=["A shared answer."], calls=[KeptCall("k" * 64, "m", 1.0, 1.0)])
    later = kept("Another.", answers=["A shared answer."], calls=[])
    history.put([paid, later])
    history.mark(paid.id, by="Ada", starred=True, note="keep?")

    told = history.dependents([paid.id])
    gone = history.delete([paid.id])

    assert (told.runs, told.texts, told.reused_by, told.starred, told.noted) == (1, 1, 1, 1, 1)
    assert gone == 1
    assert history.runs(Filters(text="only here")).rows == ()
    assert ids(history.runs(Filters(text="shared answer"))) == [later.id]
    assert history.text(sha256_of("Only here, in full.")) is None
    with pytest.raises(HistoryError, match="has no run"):
        history.open(paid.id)


def test_old_runs_go_unless_they_are_starred(history):
    """Retention deletes by age, and leaves what somebody marked."""
    old, starred, new = kept(at=1_000.0), kept(at=1_000.0), kept(at=500_000.0)
    history.put([old, starred, new])
    history.mark(starred.id, by="Ada", starred=True)

    gone = history.delete_old(days=5, now=500_000.0)

    assert gone == 1
    assert {row.id for row in history.runs().rows} == {starred.id, new.id}


def test_runs_wait_while_the_database_is_away(tmp_path):
    """Nothing is lost: they are on the disk, and in the history once it answers."""
    away = History("postgresql://nobody@127.0.0.1:1/none", Spool(tmp_path / "waiting"))
    run = kept("\x00 \ud83d")

    away.record(run)
    back = History(tmp_path / "runs.db", Spool(tmp_path / "waiting"))

    assert back.drain() == 1
    assert back.drain() == 0
    assert back.open(run.id).run.output == "\x00 \ud83d"


def test_a_damaged_waiting_run_stops_no_other(tmp_path):
    """It is set aside."""
    spool = Spool(tmp_path)
    run = kept()
    spool.add(run)
    (tmp_path / "0.json").write_bytes(b"\xff{")
    (tmp_path / "1.json").write_bytes(b'{"id": 5}')

    history = History(tmp_path / "runs.db", spool)

    assert history.drain() == 1
    assert sorted(path.name for path in tmp_path.glob("*.damaged")) == ["0.damaged", "1.damaged"]


@pytest.mark.parametrize("url", ["mysql://x/y", "://", "postgresql://host/db"])
def test_an_address_of_another_kind_is_refused(url, tmp_path):
    """The message says which forms there are."""
    with pytest.raises(HistoryError) as refused:
        History(url, Spool(tmp_path))

    assert "postgresql://" in refused.value.hint


def test_words_are_compared_without_case_and_width():
    """Full width letters, case and CJK without blanks."""
    assert words_of("ＡBC abc_def 雨が降る 3.5") == ["abc", "def", "雨", "が", "降", "る", "3", "5"]


def test_a_history_of_an_earlier_step_is_brought_up_to_date(database_url, tmp_path):
    """What was kept before stays, and the tables of later steps are there."""
    engine = engine_at(database_url, "tests")
    config = Config()
    config.set_main_option("script_location", str(settings.ROOT / "workbench" / "history" / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        number = put(connection, run := kept())

    history = History(database_url, Spool(tmp_path / "waiting"))

    assert [row.id for row in history.runs().rows] == [run.id]
    assert history.row(run.id).seq == number
    with history.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM review_vote").scalar() == 0
    history.close()


def test_tables_of_a_later_release_are_left_alone(database_url, tmp_path):
    """The message says which step it knows."""
    first = History(database_url, Spool(tmp_path / "waiting"))
    with first.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")

    with pytest.raises(HistoryError, match="step 0999"):
        History(database_url, Spool(tmp_path / "waiting")).runs()
