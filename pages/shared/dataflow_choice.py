"""Which dataflow of the project is on the bench; the same on every page."""

import streamlit as st

from pages.shared import markup, state
from workbench import project, settings


def dataflow_choice() -> None:
    """Choose among the dataflows, where there is more than one; what each had on its bench comes back with it."""
    names = list(project.dataflows())
    own = settings.is_own_project()
    if len(names) < 2 and own:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="dataflow-choice"):
        if not own:
            st.caption(markup.plain_label(settings.project().name, 60), width="content")
        if not names:
            return
        state.show("dataflow-on-bench", state.dataflow_name())
        st.segmented_control(
            "Dataflow",
            names,
            format_func=_label,
            key="dataflow-on-bench",
            required=True,
            label_visibility="collapsed",
            on_change=_choose,
        )


def _choose() -> None:
    state.choose_dataflow(str(state.shown("dataflow-on-bench")))


def _label(name: str) -> str:
    return markup.plain_label(name.replace("_", " ").capitalize(), 40)
