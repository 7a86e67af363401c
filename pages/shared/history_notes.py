"""Star, name and note of a run."""

import streamlit as st

from pages.shared import cached, markup, state
from workbench.errors import WorkbenchError
from workbench.history.kept import RunRow


def notes(row: RunRow) -> None:
    """Each is kept as it is changed."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="run-notes"):
        icon = ":material/star:" if not row.starred else ":material/star_border:"
        label = "Unstar" if row.starred else "Star"
        st.button(label, icon=icon, key="star", on_click=_mark, args=(row.id,), kwargs={"starred": not row.starred})
        _field("Name", "name", row, 120)
        _field("Note", "note", row, 4_000)
    if problem := state.passing("history-problem"):
        st.error(markup.plain_label(problem, 300), icon=":material/error:")


def _field(label: str, name: str, row: RunRow, most: int) -> None:
    key = f"{name}-{row.seq}"
    state.show(key, getattr(row, name))
    st.text_input(label, key=key, max_chars=most, on_change=_typed, args=(row.id, name, key))


def _typed(run_id: str, name: str, key: str) -> None:
    _mark(run_id, **{name: str(state.shown(key, ""))})


def _mark(run_id: str, **values: str | bool) -> None:
    try:
        cached.history().mark(run_id, by=state.person(), **values)
    except WorkbenchError as error:
        state.pass_on("history-problem", f"{error.message} {error.hint}".strip())
        return
    state.pass_on("history-problem", "")
