"""The prompt editor: what Python takes from it, and the grammar it checks while one types."""

import base64
import json
import keyword
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable
from streamlit.testing.v1 import AppTest

from dataflows.templates import SlotUse, TemplateError, parse

GRAMMAR = Path(__file__).parent.parent / "pages" / "shared" / "template_grammar.js"
TEMPLATES = [
    "",
    "Sum up {chunk} for {query}.\n{chunk}",
    'JSON like {{"a": {value}}} and {{}}',
    "{{{name}}}",
    "line one\nline two }",
    "日本語😀 {",
    "{class} {x}",
    "{a.b} {a[0]} {a!r} {a:>10} {} { a } {1a}",
    "{_private}",
    "{two__parts}",
    "{名前} {é} {ﬁ}",
    "{" + "long " * 20 + "}",
    "{😀" + "x" * 50 + "}",
    "a {b {c} d}",
    "{a\nb}",
]


def page():
    import streamlit as st

    from pages.shared.prompt_editor import prompt_editor

    edit = prompt_editor(
        "editor",
        text=st.session_state.get("given", "Sum up {chunk}"),
        seed=st.session_state.get("seed", 0),
        label="v1",
        known={"chunk": "one chunk"},
        required=["chunk"],
        disabled=st.session_state.get("locked", False),
    )
    st.text(edit.value)
    st.text(f"run: {edit.run}")


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def shown(app):
    assert not app.exception
    return [element.value for element in app.text]


def test_editor_opens_with_the_given_text(app):
    """Before anything is typed, the editor holds the text it was given."""
    assert shown(app) == ["Sum up {chunk}", "run: False"]


def test_typed_text_wins(app):
    """What was typed is the editor's value, also in later script runs."""
    app.session_state["editor"] = {"edit": {"seed": 0, "text": "In short: {chunk}"}}

    app.run().run()

    assert shown(app)[0] == "In short: {chunk}"


def test_a_new_seed_overwrites_what_was_typed(app):
    """With a new seed the given text is the value, and an edit of the old seed can't come back."""
    app.session_state["editor"] = {"edit": {"seed": 0, "text": "typed"}}
    app.run()

    app.session_state["seed"] = 1
    app.session_state["given"] = "from the version"
    app.run()

    assert shown(app)[0] == "from the version"


@pytest.mark.parametrize(
    "state", [{"edit": "text"}, {"edit": {"seed": "0", "text": "x"}}, {"edit": {"seed": 0, "text": 5}}]
)
def test_a_malformed_state_is_ignored(app, state):
    """What a browser sends in another form changes nothing."""
    app.session_state["editor"] = state

    app.run()

    assert shown(app)[0] == "Sum up {chunk}"


def test_a_locked_editor_keeps_its_text(app):
    """A text that can't be edited is the value whatever the browser sends."""
    app.session_state["locked"] = True
    app.session_state["editor"] = {"edit": {"seed": 0, "text": "typed"}}

    app.run()

    assert shown(app)[0] == "Sum up {chunk}"


@pytest.fixture(scope="module")
def in_browser():
    """Tokens and first error of each template, by the editor's own JavaScript."""
    module = "data:text/javascript;base64," + base64.b64encode(GRAMMAR.read_bytes()).decode()
    code = f"""
        const {{ tokens, firstError, estimatedTokens }} = await import({json.dumps(module)});
        const read = (text) => {{
          const found = tokens(text, {json.dumps(keyword.kwlist)});
          return {{ found, error: firstError(found), estimate: estimatedTokens(text) }};
        }};
        console.log(JSON.stringify({json.dumps(TEMPLATES)}.map(read)));
    """
    node, _ = compute_driver_executable()
    done = subprocess.run(
        [node, "--input-type=module", "-"], input=code, capture_output=True, text=True, check=True, timeout=60
    )
    return dict(zip(TEMPLATES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("template", TEMPLATES)
def test_browser_and_python_read_templates_alike(in_browser, template):
    """The editor finds the slots Python finds, or the same error at the same place."""
    try:
        slots = [piece.name for piece in parse(template) if isinstance(piece, SlotUse)]
        error = ""
    except TemplateError as raised:
        slots = None
        error = str(raised)

    read = in_browser[template]

    assert read["error"] == error
    assert slots is None or [token["name"] for token in read["found"] if token["kind"] == "slot"] == slots
    assert "".join(token["text"] for token in read["found"]) == template


def test_tokens_are_estimated_by_script(in_browser):
    """A Japanese character counts as one token, other characters as a quarter."""
    assert in_browser["日本語😀 {"]["estimate"] == 3 + 1
    assert in_browser[""]["estimate"] == 0
