"""The strip of steps: what Python takes from it and gives to it, and how the browser groups items into cells."""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable
from streamlit.testing.v1 import AppTest

CELLS = Path(__file__).parent.parent / "pages" / "shared" / "step_cells.js"


def page():
    import streamlit as st

    from pages.shared.step_strip import step_strip
    from workbench.comparison.steps import Step

    pairs = [("a", "a"), ("a", "b"), ("a", None)]
    steps = [Step("notes", index, 3, left, right) for index, (left, right) in enumerate(pairs)]
    steps.append(Step("answer", None, 1, "yes", "no"))
    place = step_strip("strip", steps=steps, pages=[(1, 1), (1, 2), (3, 3)], selected=steps[1])
    st.text(str(place))


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def shown(app):
    assert not app.exception
    (element,) = app.text
    return element.value


def test_the_given_step_is_chosen_until_another_is_clicked(app):
    """Without a click, the choice is the step the page asked to outline."""
    assert shown(app) == "('notes', 1)"


@pytest.mark.parametrize(
    ("sent", "place"),
    [({"node": "notes", "index": 2}, ("notes", 2)), ({"node": "answer", "index": None}, ("answer", None))],
)
def test_a_clicked_step_is_chosen(app, sent, place):
    """The place a click sends is the choice, of a list's item and of a single text."""
    app.session_state["strip"] = {"chosen": sent}

    assert shown(app.run()) == str(place)


@pytest.mark.parametrize("sent", ["notes", {"node": 3, "index": 0}, {"node": "notes"}, {"node": "notes", "index": "2"}])
def test_a_malformed_choice_is_ignored(app, sent):
    """What a browser sends in another form leaves the choice as it was."""
    app.session_state["strip"] = {"chosen": sent}

    assert shown(app.run()) == "('notes', 1)"


def test_the_browser_gets_a_row_per_node_with_its_counts(app):
    """A node is one row: its items' states in one text, what they are, and how many differ or were not reached."""
    (element,) = [found for found in app.main.children.values() if found.type == "bidi_component"]
    data = json.loads(element.proto.json)

    notes, answer = data["rows"]
    assert notes == {
        "node": "notes",
        "states": "sdn",
        "list": True,
        "noun": "chunk",
        "said": "1 of 3 differs, 1 not reached",
    }
    assert (answer["states"], answer["list"], answer["said"]) == ("d", False, "differs")
    assert data["selected"] == {"node": "notes", "index": 1}


@pytest.fixture(scope="module")
def in_browser():
    """Runs an expression with the strip's own JavaScript; what it gives."""
    module = (
        "data:text/javascript;base64,"
        + base64.b64encode(CELLS.read_bytes() + b"\nexport { cellsOf, itemsOf, described };").decode()
    )
    node, _ = compute_driver_executable()

    def value(expression, row, pages):
        code = f"""
            const {{ cellsOf, itemsOf, described }} = await import({json.dumps(module)});
            const [row, pages] = {json.dumps([row, pages])};
            console.log(JSON.stringify({expression}));
        """
        command = [node, "--input-type=module", "-"]
        done = subprocess.run(command, input=code, capture_output=True, text=True, check=True, timeout=60)
        return json.loads(done.stdout)

    return value


def row_of(states, noun="chunk"):
    return {"node": "notes", "states": states, "list": True, "noun": noun, "said": ""}


def test_items_that_fit_have_a_cell_each(in_browser):
    """Forty items in 800 pixels are forty cells, each with its own state."""
    states = "s" * 30 + "d" * 9 + "n"

    cells = in_browser("cellsOf(row, 800)", row_of(states), [])

    assert [(cell["first"], cell["last"]) for cell in cells] == [(at, at) for at in range(40)]
    assert "".join(cell["state"] for cell in cells) == states


def test_a_group_differs_when_one_of_its_items_does(in_browser):
    """A thousand items in 900 pixels are groups that hold every item once; the one difference shows in its group."""
    states = "s" * 500 + "d" + "s" * 400 + "n" + "s" * 98

    cells = in_browser("cellsOf(row, 900)", row_of(states), [])

    assert len(cells) <= 150
    assert "".join(cell["states"] for cell in cells) == states
    assert [cell["last"] + 1 for cell in cells[:-1]] == [cell["first"] for cell in cells[1:]]
    assert [cell["state"] for cell in cells if cell["first"] <= 500 <= cell["last"]] == ["d"]
    assert [cell["state"] for cell in cells if cell["first"] <= 901 <= cell["last"]] == ["n"]
    assert [cell["state"] for cell in cells].count("s") == len(cells) - 2


def test_a_cell_says_what_it_stands_for(in_browser):
    """Item or group, pages and state are told in words; what is no chunk has no pages."""
    pages = [[1, 1], [1, 2], [3, 3]]
    expression = (
        "[itemsOf(row, {first: 0, last: 2}), cellsOf(row, 6)].flat().map((cell) => described(row, cell, pages))"
    )

    assert in_browser(expression, row_of("sdd"), pages) == [
        "chunk 1 of 3 · page 1 · same",
        "chunk 2 of 3 · pages 1 to 2 · differs",
        "chunk 3 of 3 · page 3 · differs",
        "chunks 1 to 3 · pages 1 to 3 · 2 differ",
    ]
    assert in_browser(expression, row_of("snn", "item"), pages)[2:] == [
        "item 3 of 3 · not reached",
        "items 1 to 3 · 2 not reached",
    ]
