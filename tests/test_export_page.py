"""The Export page without a browser: preview, proof, refusals. Nothing is written here; test_main_job.py does that."""

import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, until
from tests.pages import shown
from workbench import settings

pytest_plugins = ["tests.page_fixtures"]

FOLDER = settings.ROOT / "prompts" / "summarization"


def next_file():
    return f"prompts_v{1 + max(int(path.stem.removeprefix('prompts_v')) for path in FOLDER.glob('prompts_v*.py'))}.py"


def ways(app):
    """The buttons that take an export along; the patch comes last, as it needs git."""
    keys = ("make-branch", "write", "download-module", "download-patch")
    return [own for key in keys for own in [*app.button, *app.download_button] if own.key == key]


def proved(app):
    """The page once the proof is there."""
    assert until(lambda: not app.run().button(key="write").disabled, 30)
    return app


def test_export_opens_with_nothing_to_export(desk):
    """Without a draft the page shows the newest version as it is, and offers no file."""
    app = desk.open("pages/export.py")

    assert "there is nothing to export" in shown(app)
    assert all(way.disabled for way in ways(app))


def test_a_draft_is_shown_as_the_next_version(desk):
    """The preview has the next free number, the reason in its first line, the edited text, and what changed in it."""
    text = 'Say "in short": {results}\n\\n is no line break, {{this}} no slot.'
    desk.lay_draft("v3", {LAST_PROMPT: text})
    app = desk.open("pages/export.py")

    app.text_input(key="reason").set_value("shorter answers").run()

    assert not app.exception
    assert all(way.disabled for way in ways(app))
    proved(app)
    assert app.button(key="write").label == f"Write {next_file()}"
    assert not any(way.disabled for way in ways(app)[:3])
    assert "Every prompt is equal, byte for byte" in shown(app)
    assert "it has not been run" in shown(app)
    diff, source, body = (code.value for code in app.code)
    assert "shorter answers" in body
    assert diff.startswith(f"--- prompts_v3.py\n+++ {next_file()}\n")
    assert "-Question: {query}" in diff
    module = {}
    exec(source, module)  # our own file, made from the text above
    assert module["__doc__"].endswith(": shorter answers")
    assert module[LAST_PROMPT]() == text


@pytest.mark.parametrize(
    ("prompt", "template", "said"),
    [
        (LAST_PROMPT, "{results} {nonsense}", "nothing fills"),
        (LAST_PROMPT, "{query}", "missing"),
        (CHUNK_PROMPT, "Sum up {chunk", "line 1"),
    ],
)
def test_a_draft_with_bad_slots_can_not_be_written(desk, prompt, template, said):
    """A draft whose slots are unknown, missing or broken says so, and there is nothing to press."""
    desk.lay_draft("v3", {prompt: template})

    app = desk.open("pages/export.py")

    assert said in shown(app)
    assert all(way.disabled for way in ways(app))


def test_a_new_session_still_offers_the_draft(desk):
    """After a restart, the same workspace exports the same draft."""
    desk.lay_draft("v2", {LAST_PROMPT: "In short: {results}"})
    before = desk.open("pages/export.py")
    desk.forget_all()

    app = desk.open("pages/export.py")

    assert app.selectbox(key="export-source").value == "v2-draft"
    assert [code.value for code in app.code][:2] == [code.value for code in before.code][:2]
    assert not app.exception


def test_another_source_can_be_chosen(desk):
    """Of several drafts and versions, the chosen one is previewed against its own parent."""
    desk.lay_draft("v2", {LAST_PROMPT: "In short: {results}"})
    app = desk.open("pages/export.py")

    app.selectbox(key="export-source").set_value("v1").run()

    assert app.code[0].value.startswith("--- prompts_v1.py\n")
    assert "v1 asks just this" in shown(app)
