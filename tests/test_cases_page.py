"""A dataset as a table: edits are kept, checked and counted; saving loses nothing of anybody's."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import shown
from workbench.datasets.reading import open_dataset
from workbench.datasets.table import rows_of
from workbench.state.workspaces import Workspaces

pytest_plugins = ["tests.dataset_fixtures"]

TYPED = """\
cases:
  # the first one
  - name: dogs
    document: pets.txt
    inputs: {query: Are dogs kind?}  # as asked
    assert:
      - {type: icontains, value: kind}
  - name: cats
    tags: [short]
"""
PAGE = '''\
"""The table alone, in the app's shell."""

from pathlib import Path

from pages.shared import shell, state
from pages.shared.cases_view import cases_view

shell.begin()
cases_view(Path(state.address("file")) if state.address("file") else None)
'''


class Table:
    """A dataset of a project, and sessions that show it."""

    def __init__(self, root: Path, desk, page: Path):
        self.root, self.desk, self.page = root, desk, page
        self.file = root / "datasets" / "pets" / "cases.yaml"
        self.file.parent.mkdir(parents=True)
        self.file.write_text(TYPED, encoding="utf-8")
        (self.file.parent / "pets.txt").write_text("Dogs are kind.", encoding="utf-8")

    def dataset(self, file=None):
        return open_dataset(file or self.file, self.root, self.desk.home)

    def open(self, file="") -> AppTest:
        """A new session, as after a refresh."""
        app = AppTest.from_file(str(self.page), default_timeout=30)
        app.session_state["workspace"] = self.desk.id
        app.session_state["kept"] = Workspaces(self.desk.home / "workbench.db").read(self.desk.id)
        app.query_params["file"] = str(self.file if file == "" else file or "")
        return app.run()

    def edited(self, *rows, **cells) -> AppTest:
        """A session that finds these edits of the first row, and these rows below, unsaved."""
        before = rows_of(self.dataset().cases)
        before[0] |= cells
        kept = {"base": self.dataset().file_sha256, "rows": [*before, *rows]}
        self.desk._keep("summarization:cases-datasets/pets/cases.yaml", kept)
        return self.open()


@pytest.fixture
def table(team, tmp_path):
    (tmp_path / "page.py").write_text(PAGE, encoding="utf-8")
    return Table(*team, tmp_path / "page.py")


def press(app, key):
    return app.button(key=key).click().run()


def plain(app):
    """What the page says, without the marks that keep Markdown from reading it."""
    texts = [own.value for own in [*app.warning, *app.toast]]
    return "\n".join([shown(app), *texts]).replace("\\", "").replace("\u200b", "")


def test_a_dataset_is_shown_as_a_table(table):
    """Each case is a row of texts, beside its version; there is nothing to save."""
    app = table.open()

    rows = app.data_editor[0].value.to_dict("records")
    assert [row["name"] for row in rows] == ["dogs", "cats"]
    assert rows[0]["inputs"] == "{query: 'Are dogs kind?'}"
    assert f"Version `{table.dataset().sha256[:12]}`" in shown(app)
    assert "datasets/pets/cases.yaml · 2 cases" in shown(app)
    assert app.button(key="cases-save").disabled and app.button(key="cases-discard").disabled


def test_edits_survive_a_refresh_and_are_counted_and_saved(table):
    """A new session shows them; what saving would change is counted, with both versions; Save writes the file and the
    rest of it stays as it was typed."""
    before = table.dataset()
    app = table.edited({"name": "birds", "tags": "short, new"}, tags="kind")

    page = plain(app)
    assert [row["name"] for row in app.data_editor[0].value.to_dict("records")] == ["dogs", "cats", "birds"]
    assert "Not saved: 1 case changed, 1 added." in page
    assert f"Saved version `{before.sha256[:12]}` · with the edits `" in page
    app = press(app, "cases-save")

    after = table.dataset()
    assert [case.tags for case in after.cases] == [("kind",), ("short",), ("short", "new")]
    assert f"pets/cases.yaml is saved as version {after.sha256[:12]}: 1 case changed, 1 added." in plain(app)
    assert "  - name: cats\n    tags: [short]\n" in table.file.read_text("utf-8")
    assert app.button(key="cases-save").disabled
    assert [row["name"] for row in table.open().data_editor[0].value.to_dict("records")] == ["dogs", "cats", "birds"]


def test_comments_that_saving_loses_are_said_before(table):
    """The comment inside of an edited case goes, the one above it stays; an edit elsewhere loses none."""
    inside = plain(table.edited(tags="kind"))
    elsewhere = plain(table.edited({"name": "birds"}))

    assert "1 comment of the file goes with this edit: # as asked" in inside
    assert "the first one" not in inside
    assert "comment" not in elsewhere


def test_discard_shows_the_file_again(table):
    """Nothing of the edit is left, here or after a refresh."""
    app = press(table.edited({"name": "birds"}, tags="kind"), "cases-discard")

    assert app.data_editor[0].value["tags"].tolist() == ["", "short"]
    assert "Nothing to save." in shown(app)
    assert "Nothing to save." in shown(table.open())
    assert table.file.read_text("utf-8") == TYPED


def test_each_bad_row_is_told_with_its_reason(table):
    """All of them at once, and none of it can be saved."""
    app = table.edited(
        {"name": "dogs"}, {"name": "fish", "document": "none.pdf"}, {"tags": "nameless"}, **{"assert": "- type: python"}
    )

    page = plain(app)
    for said in (
        "Row 1, dogs</b> assert[0]: python runs code",
        "Row 4, fish</b> there is no document &#x27;none.pdf&#x27;",
        "Row 5</b> it has no name",
        "3 rows have to be corrected",
    ):
        assert said in page, page
    assert app.button(key="cases-save").disabled


def test_two_rows_of_one_name_are_told(table):
    """By the number of the first."""
    assert "Row 3, cats</b> the name &#x27;cats&#x27; is that of row 2, too." in plain(table.edited({"name": "cats"}))


def test_a_file_changed_meanwhile_is_said_and_not_written_over(table):
    """Both can be seen; loading it anew drops the edits, going on keeps them and says what they take out."""
    app = table.edited(tags="kind")
    table.file.write_text(TYPED + "  - name: theirs\n", encoding="utf-8")
    app = app.run()

    assert "changed by somebody else" in plain(app)
    assert app.button(key="cases-save").disabled
    both = app.toggle(key="cases-both").set_value(True).run()
    assert "theirs" in shown(both) and "The file now" in shown(both)
    on = press(both, "cases-go-on")
    assert "1 case changed, 1 removed" in plain(on) and not on.button(key="cases-save").disabled
    table.file.write_text(TYPED + "  - name: again\n", encoding="utf-8")
    anew = press(on.run(), "cases-anew")
    assert anew.data_editor[0].value["name"].tolist() == ["dogs", "cats", "again"]
    assert "changed by somebody else" not in plain(anew)


def test_a_file_changed_meanwhile_is_shown_where_nothing_was_edited(table):
    """The table follows the file by itself."""
    app = table.open()
    table.file.write_text(TYPED + "  - name: theirs\n", encoding="utf-8")

    assert app.run().data_editor[0].value["name"].tolist() == ["dogs", "cats", "theirs"]
    assert not app.warning


def test_a_file_that_can_not_be_read_says_why(table):
    """With its line, and without a table."""
    table.file.write_text("cases:\n  - name: a\n    asert: []\n", encoding="utf-8")

    app = table.open()

    assert "cases.yaml, line 3" in plain(app)
    assert not app.data_editor


def test_promptfoos_tests_are_read_and_copied(table):
    """They are shown read-only; a copy is our own file, with documents named from where it lies."""
    file = table.file.with_name("tests.yaml")
    text = "tests:\n  - description: kind dogs\n    vars: {document: pets.txt}\n"
    file.write_text(text, encoding="utf-8")
    app = table.open(file)

    assert not app.data_editor and "never written" in plain(app)
    refused = app.text_input(key="cases-copy-name-tests").set_value("pets").run().button(key="cases-keep-copy").click()
    assert "it is there already" in plain(refused.run())
    app = app.text_input(key="cases-copy-name-tests").set_value("kindness").run()
    app = press(app, "cases-keep-copy")

    copy = table.dataset(table.root / "datasets" / "kindness" / "cases.yaml")
    assert [(case.name, case.document) for case in copy.cases] == [("kind dogs", "../pets/pets.txt")]
    assert file.read_text("utf-8") == text
    assert "kindness/cases.yaml has 1 cases" not in plain(app) and "has 1 case" in plain(app)


def test_a_dataset_is_made_by_its_name(table):
    """Where there is none the page says what to do; a name that is none, or is taken, is refused."""
    app = table.open(None)
    assert "No dataset yet" in shown(app)

    bad = press(app.text_input(key="cases-new-name").set_value("../x").run(), "cases-make")
    assert "is no name for a dataset" in plain(bad)
    taken = press(bad.text_input(key="cases-new-name").set_value("pets").run(), "cases-make")
    assert "it is there already" in plain(taken)
    press(taken.text_input(key="cases-new-name").set_value("fish").run(), "cases-make")

    file = table.root / "datasets" / "fish" / "cases.yaml"
    assert table.dataset(file).cases == ()
    assert "No case yet" in shown(table.open(file))


def test_documents_are_put_beside_the_cases(table):
    """Under a safe name, the same bytes once, never over another file; what is of no kind is refused."""
    app = table.open()

    app = app.file_uploader(key="cases-upload-0").upload("../pets.txt", b"Cats are calm.", "text/plain").run()
    said = plain(app)
    app = app.file_uploader(key="cases-upload-1").upload("calm.txt", b"Cats are calm.", "text/plain").run()
    again = plain(app)
    app = app.file_uploader(key="cases-upload-2").upload("run.exe", b"MZ", "text/plain").run()

    assert "pets-2.txt is put there." in said
    assert "pets-2.txt is there already." in again
    assert "of no kind that can be read" in plain(app)
    assert sorted(own.name for own in table.file.parent.iterdir()) == ["cases.yaml", "pets-2.txt", "pets.txt"]
    assert (table.file.parent / "pets.txt").read_text("utf-8") == "Dogs are kind."


def test_a_dataset_elsewhere_is_not_written(table, tmp_path):
    """A file outside of datasets/<name>/ can be read, and is refused when it would be saved."""
    file = tmp_path / "team" / "cases.yaml"
    file.write_text("cases:\n  - name: a\n", encoding="utf-8")
    kept = {"base": table.dataset(file).file_sha256, "rows": [{"name": "b"}]}
    table.desk._keep("summarization:cases-cases.yaml", kept)

    app = press(table.open(file), "cases-save")

    assert "nothing is written there" in plain(app)
    assert file.read_text("utf-8") == "cases:\n  - name: a\n"
