"""Pages while a person works on the dataflow's file."""

import secrets
from dataclasses import replace

import pytest

from dataflows import DATAFLOWS
from tests.pages import component, shown
from workbench.settings import ROOT

pytest_plugins = ["tests.page_fixtures"]


def plain(label: str) -> str:
    """A label without what keeps Markdown from reading it."""
    return label.replace("\\", "").replace("\u200b", "")


@pytest.fixture
def file(desk, tmp_path, monkeypatch):
    """The file of the dataflow that the pages show, free to be edited."""
    package = f"edited_{secrets.token_hex(4)}"
    path = tmp_path / package / "summarization.py"
    path.parent.mkdir()
    path.write_bytes((ROOT / "dataflows" / "summarization.py").read_bytes())
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(
        DATAFLOWS, "summarization", replace(DATAFLOWS["summarization"], modules=(f"{package}.summarization",))
    )
    return path


@pytest.mark.parametrize("page", ["", "pages/dataflow.py"])
def test_a_file_saved_half_written_is_told_and_the_next_save_heals_the_page(desk, file, page):
    """Each page names the broken file and its line, as one message; when it is whole again, so is the page."""
    text = file.read_text(encoding="utf-8")

    file.write_text(f"{text}\n\ndef half(", encoding="utf-8")
    broken = desk.open(page)
    file.write_text(text, encoding="utf-8")
    healed = desk.open(page)

    line = text.count("\n") + 3
    assert not broken.exception
    assert [plain(error.value) for error in broken.error] == [
        f"{file.parent.name}/summarization.py can't be imported: SyntaxError: '(' was never closed (line {line}). "
        "Correct the file, then run again."
    ]
    assert "can't be imported" not in shown(healed)
    assert not healed.error


def test_an_edited_node_is_drawn_and_shown_without_a_restart(desk, file):
    """A renamed node, its new docstring and a prompt that came in are on the page of the next run."""
    app = desk.open("pages/dataflow.py")
    assert "\tmended_text [" in component(app, "dag_view")[0]["dot"]

    text = file.read_text(encoding="utf-8").replace("mended_text", "whole_text")
    text = text.replace("What the summaries say about the question.", "What it comes to.")
    text += "\n\ndef title(tone_prompt: str) -> str:\n    return tone_prompt\n"
    file.write_text(text, encoding="utf-8")
    app.run().selectbox(key="node-box").set_value("summarized_text").run()

    dot = component(app, "dag_view")[0]["dot"]
    assert "\twhole_text [" in dot
    assert "\tmended_text [" not in dot
    assert "What it comes to." in shown(app)
    assert "3 prompts" in shown(app)
