"""The clickable DAG: what Python takes from it and what it gives to the browser."""

import hashlib
import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

STATIC = Path(__file__).parent.parent / "static"


def page():
    import streamlit as st

    from pages.shared.dag_view import dag_view

    choice = dag_view("dag", dot="digraph { a -> b }", selected="a", lit=["a", "b"], height=200)
    st.text(str(choice.selected))


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def shown(app):
    assert not app.exception
    (element,) = app.text
    return element.value


def test_the_given_node_is_chosen_until_another_is_clicked(app):
    """Without a click, the choice is the node the page asked to outline."""
    assert shown(app) == "a"


def test_a_clicked_node_is_chosen(app):
    """The name a click sends is the choice."""
    app.session_state["dag"] = {"selected": "b"}

    assert shown(app.run()) == "b"


def test_a_malformed_choice_is_ignored(app):
    """What a browser sends in another form leaves the choice as it was."""
    app.session_state["dag"] = {"selected": {"name": "b"}}

    assert shown(app.run()) == "a"


def test_the_layout_comes_from_our_own_server(app):
    """The browser is given the drawing and a path on this server, no address of another."""
    (element,) = [found for found in app.main.children.values() if found.type == "bidi_component"]
    data = json.loads(element.proto.json)

    assert data["dot"] == "digraph { a -> b }"
    assert data["viz"] == "/app/static/viz.js"


def test_the_layout_program_is_the_published_one():
    """viz.js is byte for byte the published file its README names: no checkout changed its line ends."""
    digest = hashlib.sha256((STATIC / "viz.js").read_bytes()).hexdigest()

    assert digest == "b9840ae5b70681356c207510db8820ac3f883607740616455d9c7c47d67ea646"
    assert "3.31.0" in (STATIC / "README.md").read_text("utf-8")
