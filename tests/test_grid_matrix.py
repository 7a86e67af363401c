"""The matrix of combinations: what Python takes from it and what it gives to the browser."""

import json

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from pages.shared.grid_matrix import MatrixCell, grid_matrix

    cells = [
        MatrixCell("Done", "done", (("done", 2), ("reused", 1)), words="<b>yes</b>"),
        MatrixCell("Failed", "failed", ()),
    ]
    position = grid_matrix("grid", rows=("A", ["v1"]), columns=("B", ["v1", "v2"]), cells=cells, baseline=0, selected=1)
    st.text(str(position))


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def shown(app):
    assert not app.exception
    (element,) = app.text
    return element.value


def test_the_given_cell_is_chosen_until_another_is_clicked(app):
    """Without a click the choice is the cell the page asked to outline; a click wins."""
    assert shown(app) == "1"

    app.session_state["grid"] = {"chosen": 0}

    assert shown(app.run()) == "0"


@pytest.mark.parametrize("sent", [2, -1, "0", None, [0]])
def test_a_malformed_choice_is_ignored(app, sent):
    """A position that is none of the cells', or no number, leaves the choice as it was."""
    app.session_state["grid"] = {"chosen": sent}

    assert shown(app.run()) == "1"


def test_the_browser_gets_plain_values(app):
    """Heads, cells and texts arrive as they were given; what dresses them is the browser's."""
    (element,) = [found for found in app.main.children.values() if found.type == "bidi_component"]
    data = json.loads(element.proto.json)

    assert data["rows"] == {"prompt": "A", "labels": ["v1"]}
    assert data["cells"][0]["steps"] == [["done", 2], ["reused", 1]]
    assert data["cells"][0]["words"] == "<b>yes</b>"
    assert (data["baseline"], data["selected"]) == (0, 1)
