"""The list of A/B tests, one of which is shown."""

from collections.abc import Sequence

import streamlit as st

from dataflows.ab import ABTest
from pages.shared import markup, state
from pages.shared.ab_known import choose_test

_KEY = "ab-test"


def ab_list(tests: Sequence[ABTest], chosen: ABTest | None) -> None:
    """Names with their states; a click is a new address."""
    running = sum(own.state == "running" for own in tests)
    st.html(markup.card_head_html("A/B tests", f"{running} running" if running else "none is running", "muted"))
    states = {own.name: own.state for own in tests}
    state.show(_KEY, chosen.name if chosen else None)
    st.radio(
        "A/B test",
        list(states),
        format_func=lambda name: f"{markup.plain_label(name)} · {states[name]}",
        key=_KEY,
        label_visibility="collapsed",
        on_change=_chosen,
    )


def _chosen() -> None:
    choose_test(state.shown(_KEY, ""))
