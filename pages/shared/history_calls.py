"""The model calls of a run: what was asked and answered, what it took, and which run paid for it."""

from datetime import date
from typing import Any

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.dates import moment
from workbench.history.kept import RunRow
from workbench.history.opening import OpenedRun
from workbench.records import Call


def calls_view(opened: OpenedRun) -> None:
    """A row for each; the chosen one is open below."""
    calls = list(opened.run.calls)
    if opened.experiment is None:
        _told(opened)
        return
    if not calls:
        st.caption("It made no call.")
        return
    keys = [call.request.key() for call in calls if call.reused]
    makers = cached.history().makers_of_calls(keys, opened.row.seq) if keys else {}
    st.dataframe(
        [_cells(call, makers.get(call.request.key())) for call in calls],
        hide_index=True,
        key=f"calls-{opened.row.seq}",
        column_config={"Seconds": st.column_config.NumberColumn(format="%.2f")},
    )
    labels = [f"{call.node} {call.index + 1}" for call in calls]
    number = st.selectbox(
        "Call",
        range(len(calls)),
        index=len(calls) - 1,
        format_func=labels.__getitem__,
        key=f"call-{opened.row.seq}",
        width=420,
    )
    _one(calls[number], makers.get(calls[number].request.key()))


def _cells(call: Call, maker: RunRow | None) -> dict[str, Any]:
    answer = call.answer
    return {
        "Node": call.node,
        "Nr": call.index + 1,
        "Model": call.request.model,
        "Seconds": answer.seconds if answer else None,
        "Tokens in": answer.input_tokens if answer else None,
        "Tokens out": answer.output_tokens if answer else None,
        "Cost": "" if not answer else "unknown" if answer.cost_usd is None else f"${answer.cost_usd:.6f}",
        "Answer": "failed" if call.error else "reused" if call.reused else "made" if answer else "not made",
        "Paid by": f"{maker.variant}, {moment(maker.started_at, date.today())}" if maker else "",
        "Error": call.error,
    }


def _one(call: Call, maker: RunRow | None) -> None:
    if maker:
        st.button(
            markup.plain_label(f"Open the run that paid for it: {maker.variant}", 120),
            icon=":material/history:",
            key="open-maker",
            on_click=state.to_address,
            kwargs={"run": maker.id},
        )
    left, right = st.columns(2, gap="medium")
    with left:
        for role, text in call.request.messages:
            st.caption(markup.plain_label(role, 40))
            st.code(text or "Not kept: documents are left out by the settings.", language=None, wrap_lines=True)
        if call.request.parameters:
            st.json(dict(call.request.parameters), expanded=False)
    with right:
        st.caption("answer")
        st.code(call.answer.text if call.answer else call.error or "none", language=None, wrap_lines=True)


def _told(opened: OpenedRun) -> None:
    """Calls as a service told of them."""
    rows = [
        {
            "Node": own.get("node"),
            "Model": own.get("model"),
            "Server": own.get("server"),
            "Seconds": own.get("seconds"),
            "Tokens in": own.get("input_tokens"),
            "Tokens out": own.get("output_tokens"),
            "Ended": own.get("finish_reason"),
            "Error": (own.get("error") or {}).get("message", ""),
        }
        for own in opened.told.get("calls", [])
    ]
    if rows:
        st.dataframe(rows, hide_index=True, key=f"told-{opened.row.seq}")
    else:
        st.caption("It made no call.")
