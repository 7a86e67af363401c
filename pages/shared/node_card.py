"""What a node of the dataflow is: its code, and its value in every variant."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.shared import markup
from pages.shared.graph_marks import run_of
from workbench.graphs.forms import NodeFacts
from workbench.records import Document

_MOST_ITEMS = 200


def node_head(facts: NodeFacts, why: str = "") -> None:
    """Name, type, docstring and needs.

    Args:
        facts: Of the node.
        why: Why it counts as a prompt; empty for another node.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"`{facts.name}`", width="content")
        if why:
            st.badge("prompt", color="violet", help=markup.plain_label(why))
        st.badge(markup.plain_label(facts.type), color="blue")
        if facts.needs:
            st.caption(markup.plain_label("needs " + ", ".join(facts.needs), 200))
    st.text(facts.doc)


def node_source(facts: NodeFacts) -> None:
    """The code of its function."""
    if facts.source:
        st.caption(markup.plain_label(f"Source · {Path(facts.module).name}, line {facts.line}"))
        st.code(facts.source, language="python", wrap_lines=True)


def node_values(name: str, labels: Sequence[str], document: Document | None) -> None:
    """Its value in every variant that ran, side by side; of a list one item at a time."""
    runs = {label: run for label in labels if (run := run_of(label, document)) and name in run.values}
    if not runs:
        st.caption("No value yet: run, and it stands here for every variant.")
        return
    longest = max(len(value) if isinstance(value := run.values[name], list) else 0 for run in runs.values())
    at = 1
    if longest > 1:
        at = st.pagination(min(longest, _MOST_ITEMS), key=f"item-{name}", max_visible_pages=7)
    with st.grid(len(runs), min_column_width=270):
        for label, run in runs.items():
            value = run.values[name]
            text = value if isinstance(value, str) else "".join(value[at - 1 : at])
            with st.container(key=f"value-{label}"):
                st.caption(markup.plain_label(label, 60))
                st.code(text, language=None, wrap_lines=True, height=320 if len(text) > 1_200 else "content")
