"""A prompt as it will be sent: filled, call by call."""

import streamlit as st

from pages.shared import markup
from workbench.engine.call_sizes import readable
from workbench.engine.plan import CellPlan, PlannedCall


def sent_prompts(cell: CellPlan, nodes: list[str]) -> None:
    """Show the calls of the first of these nodes that makes any, one at a time.

    Args:
        cell: The plan of the variant.
        nodes: In the order of the chain.
    """
    calls = next((own for node in nodes if (own := [call for call in cell.calls if call.node == node])), [])
    if not calls:
        st.caption("No call is planned with this prompt yet: what comes before it isn't known.")
        return
    number = 1
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"As {calls[0].node} will send it", width="content")
        if len(calls) > 1:
            number = st.pagination(len(calls), key=f"sent-{calls[0].node}", max_visible_pages=5)
    _call(calls[min(number, len(calls)) - 1], len(calls))


def _call(call: PlannedCall, total: int) -> None:
    parameters = {name: value for name, value in call.request.parameters.items() if name not in ("messages", "query")}
    said = [f"call {call.index + 1:,} of {total:,}", call.request.model]
    said += [f"{name} {value}" for name, value in parameters.items() if not isinstance(value, dict | list)]
    st.caption(markup.plain_label(" · ".join([*said, "to make" if call.new else "kept"]), 200))
    for role, content in call.request.messages:
        if len(call.request.messages) > 1:
            st.caption(markup.plain_label(role, 40))
        st.code(readable(content), language=None, wrap_lines=True, height=320 if len(content) > 1_200 else "content")
