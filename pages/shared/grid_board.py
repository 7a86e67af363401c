"""The matrix of a grid, redrawn while its experiment runs, and the choice of a cell and of the baseline."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import state
from pages.shared.experiments import is_live
from pages.shared.grid_cells import grid_cells
from pages.shared.grid_choice import Grid
from pages.shared.grid_matrix import grid_matrix
from pages.shared.lineups import lineups
from workbench.engine.plan import Plan
from workbench.records import Document

# A cell is a dozen calls or a thousand; looking at a thousand takes some milliseconds.
_POLL_SECONDS = 0.5


def chosen_cells(labels: Sequence[str]) -> tuple[str, str]:
    """Labels of the baseline and of the combination that is open; both are kept in the workspace."""
    kept = state.kept("grid", {})
    baseline = kept.get("baseline") if kept.get("baseline") in labels else labels[0]
    opened = kept.get("open") if kept.get("open") in labels else labels[-1]
    return baseline, opened


def baseline_choice(labels: Sequence[str], baseline: str) -> None:
    """Choose what the other combinations are compared with."""
    state.show("grid-baseline", baseline)
    st.selectbox(
        "Baseline",
        labels,
        key="grid-baseline",
        format_func=lambda label: f"Baseline: {label}",
        label_visibility="collapsed",
        width=260,
        on_change=lambda: _keep("baseline", state.shown("grid-baseline")),
    )


def grid_board(
    grid: Grid,
    labels: Sequence[str],
    document: Document | None,
    plan: Plan | None,
    repetition: int,
    live: bool,
    slot: str,
) -> None:
    """Show the matrix; it redraws itself twice a second while the experiment runs, and not at all otherwise.

    Args:
        grid: What is combined.
        labels: Of its combinations, row by row.
        document: The one at hand, if any.
        plan: What the combinations that were not run will need, if it is known.
        repetition: Which one is shown, from 0.
        live: Whether this slot's experiment runs.
        slot: Where the experiment is kept.
    """
    baseline, opened = chosen_cells(labels)

    @st.fragment(run_every=_POLL_SECONDS if live else None)
    def board() -> None:
        lined_up = lineups(document, slot)
        selected = labels.index(opened) if opened in lined_up else -1
        clicked = grid_matrix(
            "grid-matrix",
            rows=(grid.rows.name, grid.rows.labels),
            columns=(grid.columns.name, grid.columns.labels),
            cells=grid_cells(labels, lined_up, plan, baseline, repetition),
            baseline=labels.index(baseline),
            selected=selected,
        )
        if clicked != selected and labels[clicked] != opened:
            _keep("open", labels[clicked])
            st.rerun()
        if live != is_live(slot):
            st.rerun()  # once: the whole page is drawn anew, without polling

    board()


def _keep(name: str, value: object) -> None:
    state.keep("grid", {**state.kept("grid", {}), name: value})
