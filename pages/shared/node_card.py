"""What a node of the dataflow is."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from dataflows import DATAFLOWS
from pages.shared import cached, markup
from workbench.errors import WorkbenchError
from workbench.graphs.forms import NodeFacts
from workbench.graphs.rendering import rendered_prompts
from workbench.records import Version


def node_card(facts: NodeFacts, versions: Mapping[str, Version], is_prompt: bool) -> None:
    """Its docstring, type and source; of a prompt, its text in each version."""
    with st.container(border=True, key="node"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"`{facts.name}`", width="content")
            if is_prompt:
                st.badge("prompt", color="violet")
            st.badge(markup.plain_label(facts.type), color="blue")
            if facts.needs:
                st.caption(markup.plain_label("needs " + ", ".join(facts.needs), 200))
        st.text(facts.doc)
        left, right = st.columns(2) if is_prompt and facts.source else (st.container(), st.container())
        with left:
            if is_prompt:
                _texts(facts.name, versions)
        with right:
            if facts.source:
                st.caption(markup.plain_label(f"Source · {Path(facts.module).name}, line {facts.line}"))
                st.code(facts.source, language="python", wrap_lines=True)


def _texts(prompt: str, versions: Mapping[str, Version]) -> None:
    newest_first = list(versions.values())[::-1]
    for tab, version in zip(st.tabs([version.label for version in newest_first]), newest_first, strict=True):
        with tab:
            try:
                text = rendered_prompts(DATAFLOWS[cached.DATAFLOW], version, {}).get(prompt, "")
                st.code(text, language=None, wrap_lines=True)
            except WorkbenchError as error:
                st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400))
