"""One run of the history, as it was: its answer and prompts, each step, each call, and the world it ran in."""

from datetime import date
from typing import Any

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.dates import moment
from pages.shared.history_actions import add_to_dataset, delete_button, put_on_bench
from pages.shared.history_calls import calls_view
from pages.shared.history_notes import notes
from pages.shared.history_world import world_view
from workbench.history.kept import Filters, RunRow
from workbench.history.opening import OpenedRun

_TONES: dict[str, markup.Tone] = {"done": "done", "failed": "failed", "stopped": "stopped"}
_VIEWS = ("Answer and prompts", "Steps", "Calls", "World")
_MOST_ITEMS = 500


def history_run(run_id: str) -> None:
    """Show it; what can't be opened says why."""
    opened = cached.history().open(run_id)
    row = opened.row
    with st.container(horizontal=True, vertical_alignment="center", key="run-bar"):
        st.button("All runs", icon=":material/arrow_back:", key="back", on_click=_all_runs)
        put_on_bench(row)
        _compare_with(row)
        add_to_dataset(opened)
        st.space("stretch")
        delete_button([row], key="delete-run")
    with st.container(border=True, key="run-head"):
        status = f"{row.status.capitalize()} · {moment(row.started_at, date.today())} · {row.source}"
        st.html(markup.card_head_html(row.name or row.variant, status, _TONES.get(row.status, "muted")))
        st.html(markup.metrics_html(_facts(row)))
        if passed := opened.run.passed_on:
            requests = f"{passed:,} request{'' if passed == 1 else 's'} of the dataflow's own clients"
            st.caption(f"{requests} went to the network as they were, and nothing of them is kept.")
        if row.error:
            st.html(markup.failure_html("The run", row.error))
        notes(row)
    state.show("run-view", state.address("tab") if state.address("tab") in _VIEWS else _VIEWS[0])
    view = st.segmented_control(
        "View",
        _VIEWS,
        key="run-view",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: state.to_address(tab=str(state.shown("run-view"))),
    )
    {_VIEWS[0]: _answer, _VIEWS[1]: _steps, _VIEWS[2]: calls_view, _VIEWS[3]: world_view}[str(view)](opened)


def run_of_experiment() -> str:
    """The newest run that the address describes by its experiment, "" where it doesn't, or where there is none."""
    experiment = state.address("experiment")
    if not experiment:
        return ""
    asked = Filters(experiment=experiment, version=state.address("variant"), document=state.address("document"))
    rows = cached.history().runs(asked, size=500).rows
    wanted = [row for row in rows if str(row.repetition) == (state.address("repetition") or "0")]
    same = [row for row in wanted if row.variant == state.address("variant")]
    return next((row.id for row in same or wanted), "")


def _all_runs() -> None:
    state.to_address(run="", experiment="", variant="", repetition="", document="", tab="")


def _facts(row: RunRow) -> list[tuple[str, str, str]]:
    cost = "price unknown" if row.cost_usd is None else f"${row.cost_usd:.4f}"
    commit = f"{row.git_sha[:10]}{' + changes' if row.git_dirty else ''}" if row.git_sha else "no git"
    facts = [
        ("Version", row.variant if row.variant == row.base else f"{row.variant} of {row.base}", ""),
        ("Document", row.document_name or "none", ""),
        ("Model", row.model, ""),
        ("Who", row.person or "–", ""),
        ("Time", f"{row.seconds:.1f} s", ""),
        ("Tokens in / out", f"{row.input_tokens:,} / {row.output_tokens:,}", ""),
        ("Calls / reused", f"{row.calls_made:,} / {row.calls_reused:,}", ""),
        ("Cost", cost, ""),
        ("Commit", commit, ""),
    ]
    return [*facts, ("Request", row.request_id, "")] if row.request_id else facts


def _compare_with(row: RunRow) -> None:
    """Runs of the same experiment first, then others of the same document."""
    history = cached.history()
    found = list(history.runs(Filters(experiment=row.experiment), size=20).rows) if row.experiment else []
    if row.document:
        found += history.runs(Filters(document=row.document, dataflow=row.dataflow), size=20).rows
    others = {own.id: own for own in found if own.id != row.id}
    st.selectbox(
        "Compare with",
        list(others),
        index=None,
        format_func=lambda own: f"{others[own].variant} · {moment(others[own].started_at, date.today())}",
        key="compare-with",
        placeholder="Compare with …",
        label_visibility="collapsed",
        width=260,
        disabled=not others,
        on_change=lambda: state.to_address(**{"with": str(state.shown("compare-with") or "")}),
    )


def _answer(opened: OpenedRun) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        for name, text in opened.run.prompts.items():
            st.caption(markup.plain_label(f"{name} · as it was sent, before the dataflow filled it", 200))
            st.code(text, language=None, wrap_lines=True)
        for name, own in opened.told.get("prompts", {}).items():
            if name not in opened.run.prompts:
                st.caption(markup.plain_label(f"{name} · {own.get('version') or own.get('way')}", 200))
                st.text(f"Its text was not told, only its hash: {own.get('sha256', '')}")
        if not opened.run.prompts and not opened.told:
            st.caption("The run ended before it came to its prompts.")
    with right:
        st.caption(markup.plain_label(opened.run.output_node or "Answer", 120))
        if opened.run.output:
            st.html(markup.answer_html(opened.run.output, False))
            with st.expander("As text"):
                st.code(opened.run.output, language=None, wrap_lines=True)
        else:
            st.caption("No text of it is kept." if opened.row.output_sha256 else "It gave none.")


def _steps(opened: OpenedRun) -> None:
    run = opened.run
    if not run.values:
        st.caption("No value of a node is kept of this run.")
        return
    seconds = {node.name: node.seconds for node in run.nodes}
    name = st.selectbox(
        "Node",
        list(run.values),
        format_func=lambda own: f"{own} · {seconds[own]:.2f} s" if own in seconds else own,
        key=f"step-node-{opened.row.seq}",
        width=420,
    )
    value: Any = run.values[name]
    at = 1
    if isinstance(value, list) and len(value) > 1:
        at = st.pagination(min(len(value), _MOST_ITEMS), key=f"step-item-{name}", max_visible_pages=9)
    text = value if isinstance(value, str) else "".join(value[at - 1 : at])
    st.code(text, language=None, wrap_lines=True)
