"""The Settings page without a browser: what is kept and what it was good for, its limit, and emptying it."""

import pytest

from pages.shared import cached
from tests.pages import shown
from workbench import settings
from workbench.engine.call_store import CallStore
from workbench.history.privacy import Privacy, privacy_of
from workbench.records import Answer
from workbench.settings import StoreLimit, store_limit

pytest_plugins = ["tests.page_fixtures"]

MB = 2**20


@pytest.fixture
def store(desk):
    """The store of another process on the same state folder."""
    return CallStore(desk.home / "calls.db")


@pytest.fixture
def visit(desk):
    return lambda: desk.open("pages/settings.py")


def kept(count, size=10):
    return {str(number): Answer("x" * size, 1, 1, 1.0, 0.5) for number in range(count)}


def test_the_page_opens_with_nothing_kept(visit):
    """A new store says so, has the limit of 500 MB and nothing to empty."""
    app = visit()

    assert "Nothing is kept yet." in shown(app)
    assert app.number_input(key="store-limit").value == 500
    assert app.button(key="set-limit").disabled
    assert "forget" not in [button.key for button in app.button]


def test_what_is_kept_is_told(visit, store, desk):
    """Size against limit, answers, hit rate with its meaning and the file are there; no path of this machine is."""
    store.keep(kept(1204, 100))
    store.find(["1", "2", "3"])

    page = shown(visit())

    for told in ("Kept answers", " MB of 500 MB", "1,204", "Hit rate", "0%", "calls.db"):
        assert told in page
    assert "Of 1,207 calls since the store was last emptied, 3 found their answer here and cost nothing." in page
    assert str(desk.home) not in page


def test_a_run_is_seen_in_the_figures(visit, desk):
    """After a run and its repetition, half of the calls have found their answers; planning a run is no call."""
    desk.lay_document()
    bench = desk.run_to_the_end(desk.open())
    desk.run_to_the_end(bench)

    counts = cached.store().counts()
    page = shown(visit())

    assert counts.answers == counts.made == counts.hits > 0
    assert f"Of {2 * counts.made} calls since the store was last emptied, {counts.made} found their answer" in page


def test_the_limit_can_be_changed(visit, desk):
    """Once it is set, a new limit is in the state folder, where every process finds it, and stays after a restart."""
    app = visit()
    app.number_input(key="store-limit").set_value(750).run()
    before = store_limit(desk.home)

    app.button(key="set-limit").click().run()
    desk.forget_all()
    again = visit()

    assert before == StoreLimit(500)
    assert store_limit(desk.home) == StoreLimit(750)
    assert app.button(key="set-limit").disabled
    assert again.number_input(key="store-limit").value == 750


def test_a_lower_limit_says_what_goes_before_it_goes(visit, store, desk):
    """Typing a limit under what is kept tells how much will go; setting it lets that go at once."""
    store.keep(kept(60, MB))
    app = visit()

    app.number_input(key="store-limit").set_value(50).run()
    warned, there = shown(app), store.counts().bytes
    app.button(key="set-limit").click().run()

    assert "MB of answers will go, those used longest ago." in warned
    assert there > 60 * MB
    assert store.counts().bytes <= 50 * MB
    assert " MB of 50 MB" in shown(app)


@pytest.mark.parametrize("megabytes", [49, 102_401])
def test_a_limit_out_of_bounds_can_not_be_typed(visit, megabytes):
    """The field holds 50 MB to 100 GB."""
    field = visit().number_input(key="store-limit")

    assert not field.min <= megabytes <= field.max


def test_a_limit_of_the_environment_wins_and_says_so(visit, desk, monkeypatch):
    """With WORKBENCH_STORE_MB the field shows its value, can't be changed, and the page names the variable."""
    settings.keep_store_limit(desk.home, 750)
    monkeypatch.setenv("WORKBENCH_STORE_MB", "60")

    app = visit()

    assert app.number_input(key="store-limit").value == 60
    assert app.number_input(key="store-limit").disabled
    assert app.button(key="set-limit").disabled
    assert "WORKBENCH_STORE_MB" in shown(app)


def test_a_limit_that_makes_no_sense_is_told(visit, monkeypatch):
    """The page says which value is wrong and what to do, instead of failing."""
    with monkeypatch.context() as environment:
        environment.setenv("WORKBENCH_STORE_MB", "plenty")

        app = visit()

    assert not app.exception
    assert "plenty" in app.error[0].value
    assert "unset it" in app.error[0].value


def test_the_workbench_tells_of_such_a_limit_when_it_is_run(desk, monkeypatch):
    """With a limit that makes no sense, the Workbench still opens with its document; Run says what is wrong."""
    desk.lay_document()
    with monkeypatch.context() as environment:
        environment.setenv("WORKBENCH_STORE_MB", "plenty")

        app = desk.open()
        assert "plenty" in shown(app)
        app.button(key="run").click().run()

    assert "plenty" in app.toast[0].value


def test_emptying_says_first_what_is_lost(visit, store):
    """Before the second press everything is there; after it, nothing is, and the page says what went."""
    store.keep(kept(1204))
    app = visit()

    said = " ".join(text.value for text in app.markdown)
    assert "1,204 answers; the next run pays for them again." in said
    assert "Drafts, runs and documents stay." in shown(app)
    assert store.counts().answers == 1204
    app.button(key="forget").click().run()

    assert store.counts().answers == 0
    assert "Nothing is kept yet." in shown(app)
    assert "1,204 answers forgotten." in shown(app)


def test_what_was_run_survives_emptying(visit, desk):
    """After emptying, the experiment is still on the bench, and its next run makes all calls again."""
    desk.lay_document()
    bench = desk.run_to_the_end(desk.open())
    before = len(desk.endpoint.requests)

    visit().button(key="forget").click().run()

    assert desk.kept_experiment().runs[0].output
    desk.run_to_the_end(bench)
    assert len(desk.endpoint.requests) == 2 * before


def test_what_the_history_keeps_is_set_here(desk):
    """Days, patterns and documents are in force after the button, and shown again."""
    app = desk.open("pages/settings.py")
    app.number_input(key="history-days").set_value(30)
    app.text_area(key="redact").set_value("Ticket-\\d+\n")
    app.toggle(key="keep-documents").set_value(False)
    app.button(key="set-privacy").click().run()

    assert privacy_of(desk.home) == Privacy(False, 30, ("Ticket-\\d+",))
    assert "kept 30 days" in shown(app)


def test_a_pattern_that_is_none_is_refused_with_its_reason(desk):
    """And nothing is set."""
    app = desk.open("pages/settings.py")
    app.text_area(key="redact").set_value("(")
    app.button(key="set-privacy").click().run()

    assert "no regular expression" in shown(app)
    assert privacy_of(desk.home) == Privacy()


def test_a_persons_name_stands_at_their_runs(desk):
    """What is typed in Settings is what the history keeps."""
    desk.lay_document()
    app = desk.open("pages/settings.py")
    app.text_input(key="person-name").set_value("Grace").run()

    desk.run_to_the_end(desk.open())

    assert {row.person for row in cached.history().runs().rows} == {"Grace"}
