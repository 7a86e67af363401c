"""The labels of a prompt store: where each points, and what can be done with it."""

from collections.abc import Collection
from datetime import date

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.store_fields import WHO, attempt, kept_text, problem_at
from pages.shared.store_move import begin_move, is_moving, move_form
from pages.shared.store_words import label_html, last_move, line, way_back
from workbench.prompts import store_changes
from workbench.prompts.stored import PREFIX, StoreView
from workbench.state import bench

_WHY = "store-why-back"


def store_labels(view: StoreView) -> None:
    """A row for each label, and a button for a new one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Labels", anchor=False, width="content")
        st.space("stretch")
        st.button("New label", icon=":material/new_label:", key="new-label", on_click=begin_move, args=("",))
    if is_moving(""):
        with st.container(border=True, key="label-form"):
            move_form("", view)
    if not view.labels:
        st.caption(
            "No label points at a version yet. A service asks for the label `production`, unless told otherwise."
        )
    usable = set(cached.versions(state.dataflow_name())) if view.labels else set()
    for label, number in view.labels.items():
        with st.container(border=True, key=f"label-{label}"):
            _row(label, number, view, usable)


def _row(label: str, number: int, view: StoreView, usable: Collection[str]) -> None:
    told, buttons = st.columns([5, 4], vertical_alignment="center")
    told.html(label_html(label, number, last_move(label, view), date.today()))
    with buttons, st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Move", icon=":material/label:", key=f"move-{label}", on_click=begin_move, args=(label,))
        with st.popover("Roll back", icon=":material/undo:", key=f"back-{label}-{number}"):  # closes when it is moved
            _rollback(label, number, view)
        stored = f"{PREFIX}{label}"
        pressed = st.button(
            "Use in the Workbench",
            icon=":material/compare:",
            key=f"use-{label}",
            disabled=stored not in usable,
            help=None if stored in usable else "It has no prompt of this dataflow.",
        )
    if is_moving(label):
        move_form(label, view)
    for before in {own.after for own in view.moves if own.label == label} - {number}:
        problem_at(f"back-{label}-{before}")
    if pressed:
        _put_on_bench(stored)


def _rollback(label: str, number: int, view: StoreView) -> None:
    undone = way_back(label, view)
    if undone is None or undone.before is None:
        st.markdown(f"It has pointed nowhere before v{number}: there is nothing to go back to.")
        return
    st.markdown(f"**{markup.plain_label(label)}: v{number} → v{undone.before}**")
    st.caption(markup.plain_label(f"It undoes the move of {line(undone.by, 60)}: {line(undone.why, 200)}", 300))
    kept_text("Who", WHO, f"back-{label}")
    kept_text("Why", _WHY, label, placeholder="for the log")
    st.button(
        f"Roll back to v{undone.before}",
        type="primary",
        width="stretch",
        key=f"roll-back-{label}",
        on_click=_roll_back,
        args=(label, number),
    )
    problem_at(f"back-{label}-{number}")


def _roll_back(label: str, number: int) -> None:
    def change() -> str:
        by, why = state.person(), state.kept(_WHY, "")
        move = store_changes.roll_back(state.dataflow_name(), label, by=by, why=why, expected=number)
        return f"{label} points at v{move.after} again."

    if attempt(f"back-{label}-{number}", change):
        state.keep(_WHY, "")


def _put_on_bench(stored: str) -> None:
    """In a column of its own; the last one makes room where all are taken."""
    current = state.current_bench(cached.versions(state.dataflow_name()))
    stay = [label for label in current.labels if label != stored][: bench.MOST_COLUMNS - 1]
    state.put_bench(bench.choose(current, [*stay, stored]))
    st.switch_page("pages/compare.py")
