"""The fields of the set-up dialog that correct which nodes are prompts."""

import pytest

from dataflows import Dataflow
from tests.pages import shown
from workbench import project, settings
from workbench.discovery.facts import facts_of

pytest_plugins = ["tests.page_fixtures"]

FLOW = """\
def brief_prompt() -> str:
    return "Say it briefly: {words}"


def old_prompt() -> str:
    return "Nobody asks with this"


def house_style() -> str:
    return "Write plainly."


def words(letter_text: str) -> str:
    return letter_text


def brief(words: str, brief_prompt: str, old_prompt: str, house_style: str) -> str:
    return house_style + brief_prompt.format(words=words)
"""
ALSO, NEVER = "setup-also-letter-flows.letter", "setup-never-letter-flows.letter"


@pytest.fixture
def letters(tmp_path_factory, desk):
    """A repository in which one prompt isn't found and one is none, opened; ours is open again afterwards."""
    root = tmp_path_factory.mktemp("post") / "letters"
    (root / "flows").mkdir(parents=True)
    (root / "flows" / "letter.py").write_text(FLOW)
    settings.open_project(root)
    yield root
    settings.open_project(settings.ROOT)


@pytest.fixture
def dialog(desk, letters):
    """Opens the dialog in a new session."""
    return lambda: desk.open("pages/settings.py").button(key="set-up").click().run()


def test_the_dialog_shows_what_was_found_and_offers_the_rest(dialog):
    """Found prompts can be taken out, other texts taken in; nothing is chosen at first."""
    app = dialog()

    also, never = app.multiselect(key=ALSO), app.multiselect(key=NEVER)
    assert "Prompts that were found: brief_prompt, old_prompt." in shown(app).replace("\\", "")
    assert never.options == ["brief_prompt", "old_prompt"]
    assert also.options == ["brief", "house_style", "letter_text", "words"]
    assert (also.value, never.value) == ([], [])


def test_corrections_are_written_and_hold(dialog, letters):
    """What was chosen stands in the file that is shown, is written with it, and decides what the prompts are."""
    app = dialog()

    app.multiselect(key=ALSO).set_value(["house_style"]).run()
    app.multiselect(key=NEVER).set_value(["old_prompt"]).run()
    preview = app.code[0].value
    app.button(key="write-toml").click().run()

    assert 'also_prompts = ["house_style"]' in preview
    assert 'never_prompts = ["old_prompt"]' in preview
    assert (letters / "workbench.toml").read_text().strip() == preview
    assert set(facts_of(project.dataflows()["letter"]).prompts) == {"brief_prompt", "house_style"}


def test_corrections_that_are_there_can_be_taken_back(dialog, letters):
    """They are chosen when the dialog opens; taken out, they leave the file."""
    (letters / "workbench.toml").write_text(
        '[dataflows.letter]\nmodules = ["flows.letter"]\n'
        'also_prompts = ["house_style", "gone"]\nnever_prompts = ["old_prompt"]\n'
    )
    app = dialog()
    before = (app.multiselect(key=ALSO).value, app.multiselect(key=NEVER).value)

    app.multiselect(key=ALSO).set_value(["house_style"]).run()
    app.multiselect(key=NEVER).set_value([]).run()
    app.button(key="write-toml").click().run()

    assert before == (["house_style", "gone"], ["old_prompt"])
    assert project.dataflows()["letter"].also_prompts == ("house_style",)
    assert "never_prompts" not in (letters / "workbench.toml").read_text()


def test_what_is_found_does_not_change_with_corrections(letters):
    """A prompt that was taken out is still offered to be taken out, and one taken in is a text as before."""
    plain = facts_of(Dataflow(modules=("flows.letter",)))

    corrected = facts_of(
        Dataflow(modules=("flows.letter",), also_prompts=("house_style",), never_prompts=("old_prompt",))
    )

    assert (corrected.found, corrected.texts) == (plain.found, plain.texts)
    assert set(corrected.prompts) == {"brief_prompt", "house_style"}
