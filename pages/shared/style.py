"""The look of all pages: one CSS block."""

from pathlib import Path

import streamlit as st

_CSS = Path(__file__).with_name("style.css").read_text("utf-8")


def apply() -> None:
    """Put the CSS on the page; it takes no room."""
    st.html(f"<style>{_CSS}</style>")
