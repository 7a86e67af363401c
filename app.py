"""The prompt workbench: `streamlit run app.py`, or `make run`."""

import streamlit as st

from pages.shared import markup, shell, state
from workbench.errors import WorkbenchError

try:
    shell.begin()
    page = st.navigation(shell.page_list(), position="top")
    state.pass_on("shell", True)
    page.run()
except WorkbenchError as error:  # a dataflow's file that was saved half written, for example
    st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
