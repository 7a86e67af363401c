"""The Dataflow page without a browser: what is drawn, what a node tells, and the forms a dataflow can have."""

import pytest

from tests.conftest import CHUNK_PROMPT
from tests.pages import component, place, shown

pytest_plugins = ["tests.page_fixtures"]


@pytest.fixture
def page(desk):
    return desk.open("pages/dataflow.py")


def drawing(page):
    assert not page.exception
    (given,) = component(page, "dag_view")
    return given


def choose_variant(page, label):
    """Choose what the drawing is about; its columns have ids, as their labels change."""
    box = page.selectbox(key="dataflow-version")
    box.select_index(box.options.index(label)).run()


def test_the_dataflow_page_opens_with_the_whole_drawing(page):
    """Every node of the chain is drawn, with nothing chosen, and its figures stand below."""
    given = drawing(page)

    nodes = ("raw_text", "chunked_text", "summarized_chunks", "prompt_and_text_content", "summarized_text")
    assert all(f"\t{name} [" in given["dot"] for name in (*nodes, CHUNK_PROMPT))
    assert given["selected"] is None
    assert "2 prompts" in shown(page)


def test_a_chosen_node_tells_what_it_is(page):
    """A node chosen in the box is outlined in the drawing; its docstring and source are shown."""
    page.selectbox(key="node-box").set_value("summarized_chunks").run()

    assert drawing(page)["selected"] == "summarized_chunks"
    assert "One summary per chunk, in the same order." in shown(page)
    assert any("def summarized_chunks(" in code.value for code in page.code)


def test_a_chosen_prompt_lights_what_it_reaches(page):
    """A prompt lights itself and all that follows from it, and can be edited right there."""
    page.selectbox(key="node-box").set_value(CHUNK_PROMPT).run()

    lit = drawing(page)["lit"]
    assert {CHUNK_PROMPT, "summarized_chunks", "prompt_and_text_content", "summarized_text"} == set(lit)
    (editor,) = component(page, "prompt_editor")
    assert editor["label"] == "v3"
    assert "Summarize the text above" in editor["text"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("inputs", "An input of the dataflow."),
        ("one module", "One or two sentences about one chunk, with its figures."),
        ("version", "One or two sentences about one chunk, with its figures."),
    ],
)
def test_each_form_of_the_dataflow_is_drawn(page, form, told):
    """Prompts are inputs, or functions with a docstring."""
    page.button_group(key="form").set_value(form).run()
    page.selectbox(key="node-box").set_value(CHUNK_PROMPT).run()

    assert CHUNK_PROMPT in drawing(page)["dot"]
    assert told in shown(page)


def test_an_older_version_is_drawn_with_its_parameters(page):
    """Version 2 has a parameter, which is drawn once inputs are asked for."""
    choose_variant(page, "v2")
    assert "content_type" not in drawing(page)["dot"]

    page.toggle(key="with-inputs").set_value(True).run()

    assert "content_type" in drawing(page)["dot"]


def test_a_chosen_node_is_found_again_in_a_new_session(desk, page):
    """The node chosen last is chosen when the page is opened anew."""
    page.selectbox(key="node-box").set_value("summarized_text").run()
    desk.forget_all()

    again = desk.open("pages/dataflow.py")

    assert drawing(again)["selected"] == "summarized_text"
    assert "What the summaries say about the question." in shown(again)


def test_a_kept_node_that_is_gone_is_not_chosen(desk, page):
    """A node the dataflow no longer has is forgotten: the page opens as if none had been chosen."""
    page.selectbox(key="node-box").set_value("summarized_text").run()
    page.session_state["kept"][place("node")] = "<b>gone</b>"

    page.run()

    assert drawing(page)["selected"] is None
    assert "gone" not in shown(page)
