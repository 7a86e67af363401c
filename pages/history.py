"""History: every run that was made, found, opened as it was, compared with any other."""

import streamlit as st

from pages.shared import cached, markup, shell, state
from pages.shared.history_compare import history_compare
from pages.shared.history_filters import asked_filters, filter_fields
from pages.shared.history_list import history_list
from pages.shared.history_makers import history_makers
from pages.shared.history_run import history_run, run_of_experiment
from workbench.errors import WorkbenchError

shell.guard(for_all=True)

_VIEWS = {"": "Runs", "output": "Who made this output?"}

if said := state.passing("history-said"):
    state.pass_on("history-said", "")
    st.toast(said, icon=":material/check:")

try:
    cached.take_in_runs()
    run, other = state.address("run") or run_of_experiment(), state.address("with")
    if run and other:
        history_compare(run, other)
    elif run:
        history_run(run)
    else:
        state.show("history-view", _VIEWS.get(state.address("view"), "Runs"))
        view = st.segmented_control(
            "View",
            list(_VIEWS.values()),
            key="history-view",
            required=True,
            label_visibility="collapsed",
            on_change=lambda: state.to_address(view="output" if state.shown("history-view") != "Runs" else ""),
        )
        if view == "Runs":
            filters = asked_filters()
            filter_fields(filters)
            history_list(filters)
        else:
            history_makers()
except WorkbenchError as error:
    st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
    st.button(
        "All runs", icon=":material/arrow_back:", key="back-to-all", on_click=state.to_address, kwargs={"run": ""}
    )
