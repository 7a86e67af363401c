"""The Store page without a browser: adding versions, moving labels and rolling them back, and a store that is away."""

import socket

import pytest

from dataflows.prompt_store import PromptStore
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from tests.pages import DATAFLOW, chosen, shown
from workbench.prompts import stored

pytest_plugins = ["tests.page_fixtures"]

CHUNK, LAST = "Sum up: {chunk}", "Put together: {results}"


@pytest.fixture
def visit(desk, monkeypatch):
    monkeypatch.delenv("WORKBENCH_PROMPT_STORE", raising=False)
    return lambda: desk.open("pages/store.py")


@pytest.fixture
def store(desk):
    """The store of the state folder, as another process has it open."""
    return PromptStore(desk.home / "prompts.db")


@pytest.fixture
def moved(store):
    """A store whose label production went from v1 to v2."""
    store.add_version(DATAFLOW, {CHUNK_PROMPT: CHUNK, LAST_PROMPT: LAST}, reason="the first", author="Ada")
    store.add_version(DATAFLOW, {CHUNK_PROMPT: CHUNK, LAST_PROMPT: f"Briefly: {LAST}"}, reason="shorter")
    store.move_label(DATAFLOW, "production", 1, by="Ada", why="to begin with")
    store.move_label(DATAFLOW, "production", 2, by="Grace", why="it won")
    return store


def typed(app, **texts):
    """The page after texts were typed into its fields, by key with "_" for "-"."""
    for name, text in texts.items():
        app.text_input(key=name.replace("_", "-")).set_value(text).run()
    return app


def page(app):
    """All that is shown, without the marks that keep Markdown from reading it."""
    return shown(app).replace("\\", "").replace("\u200b", "")


def keys(app):
    return [button.key for button in app.button]


def test_an_empty_store_says_what_it_is_for(visit, desk):
    """It tells its purpose and what to do, and looking at it makes no file."""
    app = visit()

    assert "hands prompts to a running service" in page(app)
    assert "Add the first version at the left" in page(app)
    assert str(desk.home) not in page(app)
    assert not (desk.home / "prompts.db").exists()


def test_a_draft_is_added_with_its_parameters_filled(visit, desk, store):
    """What is stored is the draft's text and the version's, with defaults for parameters, why and by whom."""
    desk.lay_draft("v2", {LAST_PROMPT: "In short, {content_type}: {results}"})
    app = typed(visit(), store_reason_add="shorter answers", person_add="Ada")

    app.button(key="add-version").click().run()

    (version,) = store.versions(DATAFLOW)
    assert "v1 is stored." in page(app)
    assert version.texts[LAST_PROMPT] == "In short, an academic paper: {results}"
    assert version.texts[CHUNK_PROMPT].startswith("Summarize this text from an academic paper.")
    assert (version.reason, version.author) == ("shorter answers", "Ada")
    assert version.source.startswith("a draft of prompts/summarization/prompts_v2.py ")
    assert "shorter answers" in page(app)


def test_the_same_texts_are_not_added_twice(visit, store):
    """Once a version has them, the page says which, and its button can't be pressed."""
    app = typed(visit(), store_reason_add="to begin with")
    app.button(key="add-version").click().run()

    assert "v1 of the store has just these texts" in page(app)
    assert app.button(key="add-version").disabled
    app.selectbox(key="store-source").set_value("v1").run()
    assert not app.button(key="add-version").disabled
    assert len(store.versions(DATAFLOW)) == 1


def test_a_version_needs_a_reason(visit, desk):
    """Without one nothing is stored; the page says so, and what was typed beside stays, also in a new session."""
    app = typed(visit(), person_add="Ada")

    app.button(key="add-version").click().run()

    assert "The reason is empty" in page(app)
    assert not stored.view(DATAFLOW).versions
    assert visit().text_input(key="person-add").value == "Ada"


def test_a_draft_with_bad_slots_is_not_added(visit, desk):
    """The slot that nothing fills is named, and there is nothing to press."""
    desk.lay_draft("v3", {LAST_PROMPT: "{results} {nonsense}"})

    app = visit()

    assert "nothing fills {nonsense}" in page(app)
    assert "add-version" not in keys(app)


def test_labels_and_log_are_told(visit, moved):
    """Where a label points, since when, by whom and why stands there; the log has the moves, the newest first."""
    said = page(visit())

    assert "production → v2" in said and "by Grace · it won" in said
    assert said.index("<td>v1\u00a0→\u00a0v2</td>") < said.index("<td>new\u00a0→\u00a0v1</td>")
    assert "A version never changes" in said and "<td>the first</td><td>Ada</td>" in said


def test_texts_of_each_version_can_be_read(visit, moved):
    """The newest is shown at first, and any other by choice."""
    app = visit()
    newest = [code.value for code in app.code]

    app.selectbox(key="store-version").set_value(1).run()

    assert f"Briefly: {LAST}" in newest
    assert [code.value for code in app.code][-2:] == [CHUNK, LAST]


def test_a_label_is_moved_after_its_difference_was_shown(visit, moved):
    """The form marks the words that the move changes; then the label points there, with who and why in the log."""
    app = visit()
    app.button(key="move-production").click().run()
    difference = page(app)

    typed(app, person_move="Ada", store_why_move="too short")
    app.button(key="move-label").click().run()

    assert "<del>Briefly:</del>" in difference
    assert moved.labels(DATAFLOW) == {"production": 1}
    assert (moved.log(DATAFLOW)[0].by, moved.log(DATAFLOW)[0].why) == ("Ada", "too short")
    assert "production points at v1." in page(app)
    assert "production → v1" in page(app) and "move-label" not in keys(app)


def test_a_new_label_is_made(visit, moved):
    """It gets a name and a version, and stands beside the others."""
    app = visit()
    app.button(key="new-label").click().run()

    typed(app, store_label_new="canary", person_move="Ada", store_why_move="to try it")
    app.button(key="move-label").click().run()

    assert moved.labels(DATAFLOW) == {"canary": 2, "production": 2}
    assert "canary → v2" in page(app)


def test_a_label_is_rolled_back_in_one_step(visit, moved):
    """The popover says from where to where; pressed, the label is back, and the log says that the move was undone."""
    app = typed(visit(), person_back_production="Ada", store_why_back_production="too short")

    button = app.button(key="roll-back-production")
    said = button.label
    button.click().run()

    assert said == "Roll back to v1"
    assert moved.labels(DATAFLOW) == {"production": 1}
    assert "production points at v1 again." in page(app)
    assert "a rollback" in page(app) and "rolled back later" in page(app)
    assert "roll-back-production" not in keys(app)


@pytest.mark.parametrize("way", ["move", "back"])
def test_what_somebody_else_moved_meanwhile_is_told_and_left(visit, moved, way):
    """Decided on what the page showed, a change is refused when the label went elsewhere since; the page says so."""
    third = moved.add_version(DATAFLOW, {CHUNK_PROMPT: CHUNK, LAST_PROMPT: f"At length: {LAST}"}, reason="longer")
    app = visit()
    if way == "move":
        app.button(key="move-production").click().run()
        typed(app, person_move="Ada", store_why_move="mine").selectbox(key="move-to-production").set_value(1).run()
    else:
        typed(app, person_back_production="Ada", store_why_back_production="mine")
    moved.move_label(DATAFLOW, "production", third, by="Grace", why="hers")

    app.button(key="move-label" if way == "move" else "roll-back-production").click().run()

    assert "Production of summarization points at v3 and no longer at v2" in page(app)
    assert moved.labels(DATAFLOW) == {"production": third}
    assert moved.log(DATAFLOW)[0].why == "hers"
    assert "v3" in page(app) and app.text_input(key=f"person-{way}{'-production' * (way == 'back')}").value == "Ada"


def test_a_label_is_put_on_the_bench(visit, moved):
    """One click, and the Workbench has a column with what the label points at."""
    app = visit()

    app.button(key="use-production").click().run()

    assert "store:production" in chosen(app.switch_page("pages/compare.py").run())


def test_a_long_log_is_shown_in_parts(visit, moved):
    """The newest moves stand there, and more of them after a click."""
    for number in range(25):
        moved.move_label(DATAFLOW, "canary", 1 + number % 2, by="Ada", why=f"turn {number:02}")
    app = visit()
    before = page(app)

    app.button(key="more-log").click().run()

    assert "turn 24" in before and "turn 04" not in before
    assert "turn 00" in page(app) and "more-log" not in keys(app)


@pytest.mark.parametrize("address", ["/nowhere/at/all.db", "postgresql://ada:hush@127.0.0.1:{port}/prompts", "ftp://x"])
def test_a_store_that_is_away_is_told_and_the_rest_goes_on(visit, desk, monkeypatch, address):
    """The page says why and what to do, without a password; adding is refused, and the Workbench opens as ever."""
    app = visit()
    with socket.socket() as taken:  # bound and not listening, so that nobody answers
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WORKBENCH_PROMPT_STORE", address.format(port=taken.getsockname()[1]))
        typed(app, store_reason_add="kept").button(key="add-version").click().run()
        said = page(app)
        bench = desk.open()

    assert "correct WORKBENCH_PROMPT_STORE" in said and "All other pages work without it." in said
    assert "as soon as the store answers" in said and "Add the first version" not in said
    assert "hush" not in said
    assert app.text_input(key="store-reason-add").value == "kept"
    assert chosen(bench) == ["v1", "v2", "v3"]


def test_what_a_store_holds_is_shown_as_text(visit, store):
    """Markup, Markdown and marks of direction in reasons and names of people are no more than characters."""
    nasty = "<img src=x onerror=alert(1)> **bold** :red[x] \u202eevil"
    store.add_version(DATAFLOW, {CHUNK_PROMPT: nasty, LAST_PROMPT: nasty}, reason=nasty, author=nasty)
    store.move_label(DATAFLOW, "production", 1, by=nasty, why=nasty)

    app = visit()

    said = shown(app)
    assert "<img" not in said and "\u202e" not in said and "**bold**" not in "".join(own.value for own in app.caption)
    assert nasty in [code.value for code in app.code]
