"""The prompt workbench: `streamlit run app.py`, or `make run`."""

import streamlit as st

from pages.shared import shell, state

shell.begin()
page = st.navigation(shell.page_list(), position="top")
state.pass_on("shell", True)
page.run()
