"""The Lineage page without a browser: the tree, one text, the time line, addresses and hostile texts."""

import datetime

import pytest

from dataflows.prompt_store import PromptStore
from pages.shared import cached
from pages.shared.lineage_events import events_html
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from tests.kept_runs import kept
from tests.pages import DATAFLOW, chosen, shown
from workbench.history.texts import sha256_of
from workbench.lineage.events import Event
from workbench.prompts import stored

pytest_plugins = ["tests.page_fixtures"]

OTHER = "Say it in one sentence: {chunk}"
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:1) :red[y] $z$ \u202e **b**"


@pytest.fixture
def visit(desk, monkeypatch):
    """Opens the page at an address."""
    monkeypatch.delenv("WORKBENCH_PROMPT_STORE", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def open_page(**address):
        app = desk.open()
        for name, value in address.items():
            app.query_params[name.rstrip("_")] = value
        return app.switch_page("pages/lineage.py").run()

    return open_page


@pytest.fixture
def ran(desk):
    """Three runs of v3 as it is, and one of a draft of it."""
    v3 = cached.versions(DATAFLOW)["v3"].prompts[CHUNK_PROMPT].template
    drafted = {"variant": "v3-draft", "base": "v3", "is_draft": True, "person": "Grace"}
    cached.history().put([kept(prompts={CHUNK_PROMPT: v3}, variant="v3", base="v3", seconds=own) for own in (2, 4, 9)])
    cached.history().put([kept(prompts={CHUNK_PROMPT: OTHER}, id="drafted", **drafted)])


def page(app):
    """All that is shown, without the marks that keep Markdown from reading it."""
    assert not app.exception
    parts = [shown(app), *(own.label for own in app.button), *(own.value for own in app.code)]
    return "\n".join(parts).replace("\\", "").replace("\u200b", "")


def rows(app):
    """The list of texts: its buttons, without the marks of Markdown."""
    found = [own.label for own in app.button if own.key.startswith("line-")]
    return [label.replace("\\", "").replace("\u200b", "") for label in found]


def press(app, key):
    return next(own for own in app.button if own.key.startswith(key)).click().run()


def test_the_page_opens_with_the_versions_of_the_first_prompt(visit):
    """Without a single run the versions stand in their order, the newest is open, and none has figures."""
    app = visit()

    assert [row.split()[0] for row in rows(app)] == ["**v1**", "**v2**", "**v3**"]
    assert all("never ran" in row for row in rows(app))
    assert "No run sent this text." in page(app)
    assert "v2 → v3" in page(app)


def test_a_text_stands_with_its_figures_and_its_draft_below(visit, ran):
    """Runs and median time of v3; the draft hangs below it and opens with its text."""
    app = visit()

    assert "3 runs · 4.0 s · today" in rows(app)[2]
    assert rows(app)[3] == f"v3-draft {OTHER} :gray[1 run · 2.0 s · today]"
    assert [own.key[:11] for own in app.button if own.key.startswith("line-1")] == ["line-1-row-"]

    app = press(app, "line-1-row-")

    assert "Began as v3" in page(app)
    assert OTHER in page(app)
    assert app.query_params["text"] == sha256_of(OTHER)[:16]


def test_many_drafts_of_a_text_are_folded(visit):
    """The last five are drawn, the others one press away; the one in the address is always there."""
    drafted = {"variant": "v1-draft", "base": "v1", "is_draft": True}
    cached.history().put([kept(prompts={CHUNK_PROMPT: f"text {n}"}, at=1_000.0 + n, **drafted) for n in range(20)])

    app = visit(text=sha256_of("text 3")[:16])

    drafts = [row.split()[2] for row in rows(app) if row.startswith("v1-draft")]
    assert drafts == ["3", "15", "16", "17", "18", "19"]
    assert len([row for row in rows(press(app, "line-1-fold-")) if row.startswith("v1-draft")]) == 20


def test_a_link_opens_the_same_text(visit, ran):
    """The prompt and the text stand in the address; whoever is sent it sees them."""
    app = visit(of=CHUNK_PROMPT, text=sha256_of(OTHER)[:16])

    assert "Began as v3" in page(app)
    assert next(own for own in visit(of=LAST_PROMPT).button_group if own.label == "Prompt").value == LAST_PROMPT


@pytest.mark.parametrize(
    "address",
    [
        {"of": "<script>", "text": "zzz"},
        {"view": "nothing"},
        {"view": "changes", "from_": "Tuesday", "to": "9999-99-99"},
        {"view": "changes", "from_": "0001-01-01", "to": "9999-12-31", "all": HOSTILE},
        {"text": "x" * 5_000},
    ],
)
def test_an_address_that_makes_no_sense_is_ignored(visit, address):
    """The page opens as if it was not there."""
    assert page(visit(**address))


def test_a_draft_is_put_on_the_bench_with_the_text(visit, ran, desk):
    """A draft of the version that the text began as, in a column of its own."""
    app = visit(text=sha256_of(OTHER)[:16])

    app.button(key="lineage-draft").click().run()

    assert chosen(app)[-1] == "v3-draft"
    assert desk.open().session_state["workspace"] == desk.id
    drafts = cached.workspaces().read(desk.id)[f"{DATAFLOW}:bench"]
    assert OTHER in drafts


def test_runs_are_linked_by_the_hash_of_what_was_sent(visit, ran):
    """The link leads to the history, narrowed to this text."""
    app = visit(text=sha256_of(OTHER)[:16])

    (link,) = app.get("page_link")
    assert link.proto.page == "history"
    assert sha256_of(OTHER) in str(link.proto)


def test_what_changed_has_commits_moves_and_first_runs(visit, ran, desk):
    """Grouped by days, with who and why; the draft's first run is linked."""
    store = PromptStore(desk.home / "prompts.db")
    store.add_version(DATAFLOW, {CHUNK_PROMPT: "a {chunk}", LAST_PROMPT: "b {results}"}, reason="first", author="Ada")
    store.move_label(DATAFLOW, "production", 1, by="Ada", why="to begin with")
    stored.forget()

    app = visit(view="changes")

    said = page(app)
    assert "store:production none → v1" in said
    assert "v3-draft, a draft of v3, ran first" in said
    assert 'href="history?run=drafted"' in said
    assert "to begin with · Ada" in said
    assert "<h4>Today, " in said


def test_days_narrow_the_time_line(visit, ran):
    """From and to in the address; days without an event say so, and all days are one press away."""
    app = visit(view="changes", from_="2001-01-01", to="2001-01-02")

    assert "Nothing happened to these prompts in these days" in page(app)
    assert app.date_input(key="lineage-from").value == datetime.date(2001, 1, 1)

    app = press(app, "lineage-clear")

    assert "v3-draft, a draft of v3, ran first" in page(app)
    assert "from" not in app.query_params


def test_all_dataflows_can_be_asked_for(visit):
    """Each event says of which dataflow it is then."""
    cached.history().put([kept(source="mail", dataflow="extraction", variant="v1")])

    assert "mail first used v1" not in page(visit(view="changes"))
    assert "mail first used v1" in page(visit(view="changes", all="yes"))


def test_a_history_that_is_away_leaves_the_versions(visit, monkeypatch):
    """The page says what is missing and why, and shows the rest."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    cached.history.clear()

    texts, changes = visit(), visit(view="changes")

    assert len(rows(texts)) == 3
    assert "shown without their drafts and figures" in page(texts)
    assert "First runs are not shown: The history postgresql" in page(changes)


def test_hostile_names_and_texts_are_shown_as_they_are(visit):
    """What a run calls itself, and what it sent, becomes neither HTML nor Markdown."""
    hostile = {"variant": HOSTILE, "base": HOSTILE, "is_draft": True, "person": HOSTILE}
    cached.history().put([kept(prompts={CHUNK_PROMPT: HOSTILE}, **hostile)])

    for app in (visit(text=sha256_of(HOSTILE)[:16]), visit(view="changes")):
        html = "\n".join(own.value for own in app.html)
        labels = "\n".join(own.label for own in app.button)
        assert "<img" not in html
        assert ":red[" not in labels
        assert "](javascript" not in labels
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_events_are_escaped():
    """A commit's subject, an author and a run's id stay texts."""
    event = Event(1.0, "commit", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, '"><script>')

    html = events_html([event], datetime.date(2025, 11, 18), several=True)

    assert "<img" not in html
    assert "<script" not in html
    assert "\u202e" not in html
    assert "Thursday, 1 January 1970" in html or "Wednesday, 31 December 1969" in html
