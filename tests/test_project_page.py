"""The Project card of the Settings page, and the dialog that writes workbench.toml."""

import threading

import pytest

from tests import pages
from tests.shapes import shape
from workbench import project, settings

pytest_plugins = ["tests.page_fixtures"]

FLOW = """\
def brief_prompt() -> str:
    return "Say it briefly: {words}"


def words(letter_text: str, tone: str) -> str:
    return letter_text + tone


def brief(words: str, brief_prompt: str) -> str:
    return brief_prompt.format(words=words)
"""


@pytest.fixture(autouse=True)
def own_project_again():
    yield
    settings.open_project(settings.ROOT)


@pytest.fixture
def letters(tmp_path_factory):
    """A repository with one small chain."""
    root = tmp_path_factory.mktemp("post") / "letters"
    (root / "flows").mkdir(parents=True)
    (root / "flows" / "letter.py").write_text(FLOW)
    return root


@pytest.fixture
def visit(desk):
    return lambda: desk.open("pages/settings.py")


def shown(app):
    """All that the page says, without the marks that keep Markdown from reading it."""
    markdown = "\n".join(str(own.value) for own in app.markdown)
    return f"{pages.shown(app)}\n{markdown}".replace("\\", "").replace("\u200b", "")


def opened(app, path):
    """The page after the path was typed and opened."""
    app.text_input(key="project-path").set_value(str(path)).run()
    return app.button(key="open").click().run()


def test_the_own_project_is_told(visit):
    """At first the workbench's own dataflows stand there with their prompts and versions, and nothing is to set up."""
    app = visit()

    page = shown(app)
    assert "this workbench" in page
    assert "summarize" in page and "v3" in page
    assert "set-up" not in [button.key for button in app.button]


def test_another_project_is_opened_and_shown(visit, desk, letters):
    """Its dataflow and prompts take the place of ours on every page; its state is kept outside of it."""
    app = opened(visit(), letters)

    page = shown(app)
    assert "letters is open" in page
    assert "1 prompt: brief" in page
    assert settings.home().is_relative_to(desk.home / "projects")
    assert sorted(path.name for path in letters.iterdir()) == ["flows"]
    assert not app.switch_page("pages/compare.py").run().exception
    assert app.session_state["dataflow"] == "letter"


def test_one_goes_back_by_the_projects_opened_before(visit, letters):
    """Ours stands among those that can be opened with one click, and the other one after it was left."""
    app = opened(visit(), letters)

    back = app.button(key="recent-0").click().run()

    assert settings.is_own_project()
    assert [own.label for own in back.button if own.key == "recent-0"] == ["letters"]


def test_what_is_no_folder_is_refused_in_place(visit):
    """The sentence names the path; the project stays."""
    app = opened(visit(), "/nowhere/at/all")

    assert "/nowhere/at/all is no folder" in shown(app)
    assert settings.is_own_project()


def test_a_project_is_not_changed_under_a_run(visit, letters):
    """While a run is going on, the button says so and opens nothing."""
    over = threading.Event()
    run = threading.Thread(target=over.wait, name="run-12345678")
    run.start()

    app = opened(visit(), letters)
    over.set()
    run.join()

    assert "A run is going on" in shown(app)
    assert settings.is_own_project()


def test_a_broken_module_is_told_with_file_and_line(visit, letters):
    """The error stands at its dataflow; the rest of the page is there."""
    (letters / "flows" / "letter.py").write_text(FLOW + "\n\nraise RuntimeError('half done')\n")

    app = opened(visit(), letters)

    page = shown(app)
    assert "letter.py can't be imported: RuntimeError: half done (line 13)" in page
    assert "Kept answers" in page


def test_a_spoiled_workbench_toml_is_told_in_place(visit, letters):
    """The line and the reason are there, and setting up goes on."""
    (letters / "workbench.toml").write_text("[dataflows.letter]\nmodules = [\n")

    app = opened(visit(), letters)

    assert "workbench.toml is no TOML" in shown(app)
    assert app.button(key="set-up")


def test_the_dialog_writes_what_was_found(visit, letters):
    """The guesses stand in the fields, the text of the file below; the button writes that text."""
    app = opened(visit(), letters)

    app.button(key="set-up").click().run()
    app.text_input(key="setup-input-letter-flows.letter-tone").set_value("warm").run()
    preview = app.code[0].value
    app.button(key="write-toml").click().run()

    assert (letters / "workbench.toml").read_text().strip() == preview
    assert project.dataflows()["letter"].document == "letter_text"
    assert project.dataflows()["letter"].inputs == {"tone": "warm"}


def test_a_file_that_is_there_is_changed_by_what_is_shown(visit, letters):
    """The difference stands there instead of the text, and comments of a person stay."""
    (letters / "workbench.toml").write_text('# ours\n[dataflows.letter]\nmodules = ["flows.letter"]  # all of it\n')
    app = opened(visit(), letters)

    app.button(key="set-up").click().run()
    app.selectbox(key="setup-output-letter-flows.letter").select("words").run()
    difference = app.code[0].value
    app.button(key="write-toml").click().run()

    text = (letters / "workbench.toml").read_text()
    assert '+output = "words"' in difference.splitlines()
    assert text.startswith('# ours\n[dataflows.letter]\nmodules = ["flows.letter"]  # all of it\n')
    assert project.dataflows()["letter"].output == "words"


def test_a_file_that_was_changed_meanwhile_is_not_written_over(visit, letters):
    """What somebody wrote between the look and the click stays, and the page says so."""
    app = opened(visit(), letters)
    app.button(key="set-up").click().run()
    (letters / "workbench.toml").write_text("# mine\n")

    app.button(key="write-toml").click().run()

    assert (letters / "workbench.toml").read_text() == "# mine\n"
    assert "was changed meanwhile" in shown(app)


def test_a_project_without_a_dataflow_says_what_to_do(visit, tmp_path_factory):
    """An empty folder opens; the card and the dialog say what is missing."""
    app = opened(visit(), tmp_path_factory.mktemp("empty"))

    said = shown(app)
    app.button(key="set-up").click().run()

    assert "No dataflow was found" in said
    assert "No module has a public function" in shown(app)


def test_a_shape_with_a_table_input_is_set_up(visit, tmp_path):
    """The dialog of the triage asks for its rules as JSON, and offers its ticket as the document."""
    app = opened(visit(), shape("ticket_triage", tmp_path))

    app.button(key="set-up").click().run()
    app.text_input(key="setup-input-triage-triage.flow-routing_rules").set_value('[{"words": "a", "team": "b"}]').run()
    app.button(key="write-toml").click().run()

    assert project.dataflows()["triage"].document == "raw_ticket"
    assert project.dataflows()["triage"].inputs == {"routing_rules": [{"words": "a", "team": "b"}]}
