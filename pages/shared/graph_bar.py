"""Which variant the drawing is about, and how it is drawn."""

from collections.abc import Collection, Mapping

import streamlit as st

from pages.shared import markup, state
from workbench.graphs.forms import FORMS, Form
from workbench.state.bench import Bench, Column

_FORM_LABELS: Mapping[Form, str] = {
    "inputs": "Prompts as inputs",
    "one module": "In the dataflow's module",
    "version": "Where they are",
}
_BEFORE = {"reused": "known, nothing to do", "will-run": "will run"}
_PAST = {"running": "running", "ran": "ran", "reused": "reused", "changed": "another value", "failed": "failed"}


def variant_choice(current: Bench) -> Column:
    """Choose one of the columns of the Workbench; an edit keeps its column, whatever it is called then."""
    known = {column.id: column for column in current.columns}
    kept = state.kept("graph-column")
    column = known.get(kept) or current.columns[-1]
    state.show("dataflow-version", column.id)
    st.selectbox(
        "Variant",
        list(known),
        format_func=lambda own: known[own].label,
        key="dataflow-version",
        label_visibility="collapsed",
        width=190,
        on_change=state.keep_widget,
        args=("graph-column", "dataflow-version"),
    )
    return column


def drawn_form() -> tuple[Form, bool, bool]:
    """Where prompts are drawn, whether it goes top down, and whether other inputs are drawn."""
    with st.popover("View", icon=":material/visibility:", key="drawn"):
        form: Form = st.segmented_control(
            "Prompts",
            FORMS,
            default="version",
            format_func=lambda form: _FORM_LABELS[form],
            key="form",
            required=True,
            persist_state="session",
        )
        top_down = st.toggle("Top down", key="top-down", persist_state="session")
        with_inputs = st.toggle("Inputs", key="with-inputs", persist_state="session")
    return form, top_down, with_inputs


def legend(marks: Mapping[str, tuple[str, str]], past: bool) -> None:
    """What the colours in the drawing mean, of those that are there.

    Args:
        marks: Node -> (class, words).
        past: They say what a run does or did, not what it will do.
    """
    used: Collection[str] = {kind for kind, _ in marks.values()}
    words = _PAST if past else _BEFORE
    shown = [(kind, text) for kind, text in words.items() if kind in used]
    if shown:
        st.html(markup.legend_html(shown))
