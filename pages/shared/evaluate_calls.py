"""The model calls of a run as they were sent, one at a time, with their answers."""

import streamlit as st

from pages.shared import markup
from workbench.records import Call, Run

_HIGH = 1_200
"""Characters from which on a text scrolls."""


def sent_calls(run: Run) -> None:
    """Show them in an expander, once it is open; the last one, which gave the answer, comes first."""
    total = len(run.calls)
    title = f"{total:,} call{'' if total == 1 else 's'} as sent"
    unfolded = st.expander(title, key="sent-calls", on_change="rerun")
    if not unfolded.open:
        return
    with unfolded:
        number = total
        if total > 1:
            number = st.pagination(total, default=total, key=f"sent-call-of-{total}", max_visible_pages=9)
        _call(run.calls[min(number, total) - 1])


def _call(call: Call) -> None:
    how = "failed" if call.error else "reused" if call.reused else "made" if call.answer else "not made"
    parameters = [
        f"{name} {own}" for name, own in call.request.parameters.items() if isinstance(own, (str, int, float))
    ]
    said = " · ".join([f"{call.node} {call.index + 1:,}", call.request.model, *parameters, how])
    st.caption(markup.plain_label(said, 200))
    left, right = st.columns(2, gap="medium")
    with left:
        for role, text in call.request.messages:
            st.caption(markup.plain_label(role, 40))
            _text(text)
    with right:
        st.caption("answer")
        _text(call.answer.text if call.answer else call.error or "none")


def _text(text: str) -> None:
    st.code(text, language=None, wrap_lines=True, height=320 if len(text) > _HIGH else "content")
