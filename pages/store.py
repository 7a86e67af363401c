"""Store: prompts that a service takes while it runs; labels that point at them, moved and rolled back with a log."""

import streamlit as st

from pages.shared import markup, shell, state, store_fields
from pages.shared.store_addition import store_addition
from pages.shared.store_contents import store_log, store_place, store_versions
from pages.shared.store_labels import store_labels
from workbench.prompts import stored

shell.guard()

_PURPOSE = (
    "A prompt store hands prompts to a running service, which takes what a label such as production points at. "
    "Add the first version at the left; or set WORKBENCH_PROMPT_STORE to the store that your service asks."
)
_UNKNOWN = "Labels, versions and the change log stand here as soon as the store answers."

store_fields.told()
view = stored.view(state.dataflow_name())
left, right = st.columns([2, 5], gap="medium")

# What can stop a page comes last: labels are rolled back while the dataflow's own code is broken, too.
with right:
    if view.versions:
        store_labels(view)
        versions_tab, log_tab = st.tabs(["Versions", "Change log"])
        with versions_tab:
            store_versions(view)
        with log_tab:
            store_log(view)
    else:
        st.html(markup.empty_html(_UNKNOWN if view.problem else _PURPOSE, ()))

with left:
    with st.container(border=True, key="store-place"):
        store_place(view)
    with st.container(border=True, key="store-addition"):
        store_addition(view)
