"""What every page begins with."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import cached, state, style
from pages.shared.dataflow_choice import dataflow_choice

_ROOT = Path(__file__).resolve().parent.parent.parent
_ICON = _ROOT / "static" / "icon.svg"
_LOGO = _ROOT / "static" / "logo.svg"


def page_list() -> list[Any]:
    """The pages of the app, in the order of the top bar."""
    return [
        st.Page(_ROOT / "pages" / "compare.py", title="Workbench", icon=":material/compare:", default=True),
        st.Page(_ROOT / "pages" / "grid.py", title="Grid", icon=":material/grid_on:"),
        st.Page(_ROOT / "pages" / "dataflow.py", title="Dataflow", icon=":material/account_tree:"),
        st.Page(_ROOT / "pages" / "evaluate.py", title="Evaluate", icon=":material/rule:"),
        st.Page(_ROOT / "pages" / "review.py", title="Review", icon=":material/balance:"),
        st.Page(_ROOT / "pages" / "export.py", title="Export", icon=":material/ios_share:"),
        st.Page(_ROOT / "pages" / "import_prompts.py", title="Import", icon=":material/file_open:", url_path="import"),
        st.Page(_ROOT / "pages" / "store.py", title="Store", icon=":material/database:"),
        st.Page(_ROOT / "pages" / "history.py", title="History", icon=":material/history:"),
        st.Page(_ROOT / "pages" / "lineage.py", title="Lineage", icon=":material/timeline:"),
        st.Page(_ROOT / "pages" / "monitoring.py", title="Monitoring", icon=":material/monitoring:"),
        st.Page(_ROOT / "pages" / "ab_test.py", title="A/B test", icon=":material/science:"),
        st.Page(_ROOT / "pages" / "settings.py", title="Settings", icon=":material/settings:"),
    ]


def begin() -> None:
    """Page config, look, and this browser's workspace."""
    st.set_page_config(page_title="Prompt workbench", page_icon=str(_ICON), layout="wide")
    st.logo(str(_LOGO), size="medium")
    cached.warm()
    with st.container(key="unseen"):
        style.apply()
        state.enter()


def guard(*, for_all: bool = False) -> None:
    """First line of each page: a deep link on a fresh server runs the page alone, without app.py around it.

    Args:
        for_all: The page is about all dataflows, so that none has to be chosen.
    """
    if not state.passing("shell"):
        st.set_page_config(page_title="Prompt workbench", page_icon=str(_ICON), layout="wide")
        st.navigation(page_list(), position="hidden")
        st.rerun()
    if not for_all:
        dataflow_choice()
