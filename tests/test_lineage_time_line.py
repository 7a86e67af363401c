"""The time line: what git, modules, the store and the history tell of prompts, and what is said when one can't."""

import datetime

import pytest

from dataflows.prompt_store import LabelMove, StoredVersion
from tests.git_scratch import FOLDER
from tests.kept_runs import kept
from tests.test_git_log import commit
from tests.test_lineage_tree import NAME, named, version
from workbench import settings
from workbench.history.history import History
from workbench.history.spool import Spool
from workbench.lineage.commit_events import commit_events
from workbench.lineage.events import Event, Told, merged
from workbench.lineage.made_events import export_events, label_events
from workbench.lineage.run_events import run_events
from workbench.lineage.time_line import time_line
from workbench.prompts.stored import StoreView

pytest_plugins = ["tests.git_fixtures", "tests.history_fixtures"]

DATAFLOW = "summarization"
DAY = datetime.datetime(2025, 11, 18, 9, tzinfo=datetime.UTC)


@pytest.fixture
def team(scratch, monkeypatch):
    """A team's repository, opened as the project."""
    monkeypatch.setenv("WORKBENCH_HOME", str(scratch.root.parent / "state"))
    monkeypatch.delenv("WORKBENCH_PROMPT_STORE", raising=False)
    before = settings.project()
    settings.open_project(scratch.root)
    yield scratch
    settings.open_project(before)


def current(number):
    return f"from . import prompts_v{number} as prompts\n".encode()


def told(scratch, **options):
    return commit_events(DATAFLOW, {}, scratch.root, **options)


def words(part):
    return [f"{own.kind}: {own.what}" for own in part.events]


def runs(history, versions, **limits):
    with history.reading() as connection:
        return run_events(connection, DATAFLOW, versions, **limits)


def move(label, before, after, undoes=None):
    return LabelMove(1, DATAFLOW, label, before, after, DAY, "Ada", "it won", undoes)


def test_a_commit_says_which_versions_it_changed(team):
    """Added, edited and deleted versions by their labels, other files by their names; author and subject as written."""
    sha = commit(team, "Shorten", author="Grace", prompts_v1=None, prompts_v2=b"2", prompts_v3=b"3", notes=b"n")

    newest = next(own for own in told(team).events if own.commit == sha)

    assert newest.what == "notes.py, v3 added · v1 deleted · v2 edited"
    assert (newest.who, newest.why, newest.at) == ("Grace", "Shorten", 1_700_000_000.0)
    assert told(team).notes == ()


def test_a_change_of_the_current_version_is_an_event_of_its_own(team):
    """Naming one, changing it and taking it away; a commit that leaves the line alone is none."""
    for second, content in enumerate([current(1), current(2), b"# why\n" + current(2), b"def (", None]):
        commit(team, f"n{second}", 1_900_000_000 + second, current=content)

    found = words(told(team))

    assert found[:5] == [
        "commit: current.py edited",
        "current: production v2 → none",
        "commit: current.py edited",
        "current: production v1 → v2",
        "current: production none → v1",
    ]


def test_one_commit_can_add_a_version_and_bring_it_into_production(team):
    """It is told as two events of the same commit."""
    commit(team, "first", 1_900_000_000, current=current(1))
    sha = commit(team, "second", 1_900_000_001, current=current(2), prompts_v3=b"3")

    found = [own for own in told(team).events if own.commit == sha]

    assert [own.what for own in merged([Told(tuple(found[::-1]))]).events] == ["production v1 → v2", "v3 added"]


def test_many_files_are_counted(team):
    """Of a commit that touches many, the first few are named."""
    commit(team, "all", 1_900_000_000, **{f"prompts_v{number}": b"x" * number for number in range(3, 13)})

    assert told(team).events[0].what == "v10, v11, v12, v3, v4, v5 and 4 more added"


def test_modules_that_hold_prompts_of_their_own_are_watched(team):
    """Where a dataflow's own code has its prompts, commits that touch it are told; files elsewhere are left out."""
    team.commit("flows/answers.py")
    own = version(1, "a").__class__(
        DATAFLOW, 0, str(team.root / "flows" / "answers.py"), "", {}, "", "", "dataflow", "code"
    )
    elsewhere = own.__class__(DATAFLOW, 0, "/elsewhere/answers.py", "", {}, "", "", "config", "version=v2")

    found = commit_events(DATAFLOW, named(own, elsewhere), team.root)

    assert words(found)[0] == "commit: answers.py added"


@pytest.mark.parametrize(
    ("break_it", "note"),
    [
        (lambda team, patch: patch.setenv("PATH", "/nowhere"), "Commits are not shown: git can't be started"),
        (lambda team, patch: (team.root / ".git").rename(team.root / "gone"), "is in no git repository"),
        (lambda team, patch: team.git("checkout", "-q", "--orphan", "new"), "has no commit yet"),
    ],
)
def test_without_git_the_line_says_so(team, monkeypatch, break_it, note):
    """No git, no repository, no commit: there are no events, and a note says why."""
    break_it(team, monkeypatch)

    found = told(team)

    assert found.events == ()
    assert note in found.notes[0]


def test_a_shallow_clone_says_that_it_begins_somewhere(team, tmp_path):
    """What its first commit did is not told, as nobody knows."""
    team.git("clone", "-q", "--depth=1", f"file://{team.root}", str(tmp_path / "clone"))
    settings.open_project(tmp_path / "clone")

    found = commit_events(DATAFLOW, {}, tmp_path / "clone")

    assert words(found) == ["commit: this clone begins here"]
    assert "git fetch --unshallow" in found.notes[0]


def test_an_export_is_told_at_the_time_its_module_says(team):
    """From which version, why, and on which commit; versions that say no time are left out."""
    versions = named(version(1, "a"), version(2, "b", parent="v1", git_sha="a" * 40))

    (event,) = export_events(DATAFLOW, versions).events

    at = datetime.datetime(2025, 11, 12, 10, tzinfo=datetime.UTC).timestamp()
    assert event == Event(at, "export", DATAFLOW, "v2 exported from a draft of v1", why="why", commit="a" * 40)


@pytest.mark.parametrize(
    "date", [7, None, "Tuesday", "9999-99-99", "-1", [], "0001-01-01", "9999-12-31T23:59:59-23:59"]
)
def test_a_date_that_makes_no_sense_is_no_export(date):
    """Whatever a module says: nothing is told, or at a time that can be shown."""
    source = f"PROVENANCE = {{'schema': 1, 'version': 'v1', 'parent': 'v0', 'date': {date!r}}}\n"

    found = export_events(DATAFLOW, named(version(1, "a", source=source))).events

    assert all(datetime.datetime.fromtimestamp(own.at) for own in found)


def test_moves_of_labels_are_told_with_who_and_why():
    """A new label, a move and a rollback; versions that were added; and that the store is away."""
    moves = (move("production", 2, 1, undoes=7), move("production", 1, 2), move("test", None, 1))
    added = StoredVersion(DATAFLOW, 1, {}, "to begin with", "Grace", {}, "", DAY)

    found = label_events(DATAFLOW, StoreView((added,), {}, moves, "the store is away"))

    assert [own.what for own in found.events] == [
        "store:production rolled back v2 → v1",
        "store:production v1 → v2",
        "store:test none → v1",
        "store:v1 added",
    ]
    assert [(own.who, own.why) for own in found.events][-2:] == [("Ada", "it won"), ("Grace", "to begin with")]
    assert found.notes == (
        "What happened in the prompt store since it was asked last is not shown: the store is away.",
    )


def test_the_first_run_of_each_text_of_a_draft_is_told(history):
    """Once for a text, with who ran it; texts of versions, unchanged prompts and later runs are no events."""
    versions = named(version(1, "a"))
    drafted = {"variant": "v1-draft", "base": "v1", "is_draft": True}
    history.put(
        [
            kept(prompts={NAME: "a"}, at=1.0),
            kept(prompts={NAME: "b", "other_prompt": "c"}, at=3.0, id="first", person="Grace", **drafted),
            kept(prompts={NAME: "b"}, at=4.0, **drafted),
            kept(prompts={NAME: "a", "other_prompt": "d"}, at=5.0, id="second", **drafted),
            kept(prompts={NAME: "b"}, at=2.0, dataflow="other", **drafted),
        ]
    )

    found = runs(history, versions).events

    assert [(own.run, own.who, own.why) for own in found] == [
        ("second", "Ada", "Another text of other_prompt"),
        ("first", "Grace", "Another text of answer_prompt, other_prompt"),
    ]
    assert found[0].what == "v1-draft, a draft of v1, ran first"


def test_a_text_that_a_version_sent_before_is_no_text_of_a_draft(history):
    """A draft that comes back to what ran before is nothing new."""
    history.put(
        [
            kept(prompts={NAME: "old"}, at=1.0),
            kept(prompts={NAME: "old"}, at=2.0, variant="v2-draft", base="v2", is_draft=True),
        ]
    )

    assert runs(history, {}).events == ()


def test_a_service_is_told_when_it_uses_a_version_first(history):
    """Once for each service, version and label; runs of the app and of commands are none."""
    history.put(
        [
            kept(at=5.0, source="tickets", variant="v2", base="production"),
            kept(at=3.0, source="tickets", variant="v2", base="production"),
            kept(at=4.0, source="mail", variant="v2"),
            kept(at=1.0, source="command", variant="v2"),
        ]
    )

    found = runs(history, {}).events

    assert {(own.at, own.what) for own in found} == {
        (3.0, "tickets first used v2 (production)"),
        (4.0, "mail first used v2 (v1)"),
    }


def test_first_runs_are_looked_for_among_the_newest(history):
    """With more runs than that, a note says that what is first among them may not be first of all."""
    history.put([kept(at=float(number), source="tickets", variant=f"v{number}") for number in range(1, 5)])

    found = runs(history, {}, most_runs=2)

    assert [own.at for own in found.events] == [4.0, 3.0]
    assert found.notes == ("First runs are looked for among the newest 2 runs.",)
    assert runs(history, {}, most_runs=4).notes == ()


def test_a_line_is_cut_to_its_span_and_its_limit():
    """The newest first; a span begins with its first moment and ends before its last; notes are said once."""
    events = tuple(Event(float(at), "commit", DATAFLOW, str(at)) for at in (3, 1, 5, 4, 2))

    line = merged([Told(events, ("a",)), Told((), ("a", "b"))], since=2.0, until=5.0, most=2)

    assert [own.what for own in line.events] == ["4", "3"]
    assert (line.total, line.notes) == (3, ("a", "b"))


def test_one_line_has_what_all_sources_told(team, tmp_path):
    """Commits, exports, the store and runs stand in one line; a history that is away is a note."""
    away = History("postgresql://nobody@127.0.0.1:9/none", Spool(tmp_path / "waiting"))
    versions = {DATAFLOW: named(version(1, "a"), version(2, "b", parent="v1"))}

    line = time_line(versions, away, team.root)

    assert {own.kind for own in line.events} == {"commit", "export"}
    assert line.notes[0].startswith("First runs are not shown: The history postgresql")
    assert FOLDER not in line.notes[0]
