"""Any two runs of any day: what was different for them, and the difference of every step."""

from datetime import date

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.dates import moment
from pages.shared.diff_panels import diff_panels
from pages.shared.steps_view import steps_view
from workbench.history.opening import OpenedRun


def history_compare(left_id: str, right_id: str) -> None:
    """Show both; what can't be opened says why."""
    history = cached.history()
    pair = (history.open(left_id), history.open(right_id))
    if pair[0].row.started_at > pair[1].row.started_at:
        pair = (pair[1], pair[0])
    left, right = pair
    with st.container(horizontal=True, vertical_alignment="center", key="compare-bar"):
        st.button("All runs", icon=":material/arrow_back:", key="back", on_click=_back)
        for side, opened in zip(("earlier", "later"), pair, strict=True):
            st.button(
                markup.plain_label(f"Open {_label(opened)}", 80),
                icon=":material/open_in_full:",
                key=f"open-{side}",
                on_click=state.to_address,
                kwargs={"run": opened.row.id, "with": ""},
            )
        st.space("stretch")
        as_one = st.toggle("Inline", key="history-inline", persist_state="session")
    _what_differs(left, right)
    labels = (_label(left), _label(right))
    what = st.segmented_control(
        "What",
        ["Prompts", "Steps", "Answers"],
        default="Prompts",
        key="history-what",
        required=True,
        label_visibility="collapsed",
    )
    if what == "Steps":
        steps_view(f"{left.row.id} {right.row.id}", labels, left.run, right.run, as_one)
    elif what == "Answers":
        diff_panels(labels, left.run.output, right.run.output, as_one)
    else:
        for name in dict.fromkeys([*left.run.prompts, *right.run.prompts]):
            st.caption(markup.plain_label(name, 120))
            texts = [opened.run.prompts.get(name, "") for opened in pair]
            diff_panels(labels, texts[0], texts[1], as_one, key=f"diff-{name}")


def _label(opened: OpenedRun) -> str:
    return f"{opened.row.name or opened.row.variant} · {moment(opened.row.started_at, date.today())}"


def _back() -> None:
    state.to_address(run="", **{"with": ""})


def _what_differs(left: OpenedRun, right: OpenedRun) -> None:
    """One line for each thing that was another one."""
    facts = [_facts(left), _facts(right)]
    rows = [
        {"": name, _label(left): facts[0].get(name, ""), f"{_label(right)} ": facts[1].get(name, "")}
        for name in dict.fromkeys([*facts[0], *facts[1]])
        if facts[0].get(name, "") != facts[1].get(name, "")
    ]
    if rows:
        st.dataframe(rows, hide_index=True, key="what-differs")
    else:
        st.caption("Version, document, model, inputs and code are the same.")


def _facts(opened: OpenedRun) -> dict[str, str]:
    row = opened.row
    facts = {
        "Version": f"{row.variant} of {row.base}" if row.is_draft else row.variant,
        "Document": row.document_name,
        "Model": row.model,
        "Who": row.person,
        "Source": row.source,
        "Status": row.status,
        "Commit": f"{row.git_sha[:10]}{' + changes' if row.git_dirty else ''}",
    }
    if opened.experiment:
        choice = opened.experiment.model
        facts |= {"Temperature": str(choice.temperature), "Seed": str(choice.seed)}
        facts |= {f"Input {name}": str(value)[:300] for name, value in opened.inputs.items()}
        facts |= {f"Package {name}": value for name, value in opened.code.packages.items()}
    return facts
