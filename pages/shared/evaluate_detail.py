"""An opened cell: its answer beside the baseline's, each assertion, the steps, and each call as sent."""

from pathlib import Path

import streamlit as st

from pages.shared import markup, state
from pages.shared.diff_panels import diff_panels
from pages.shared.evaluate_assertions import assertions_html
from pages.shared.evaluate_calls import sent_calls
from pages.shared.evaluate_live import LiveEvaluation
from pages.shared.figures import run_figures
from pages.shared.lineups import Marks
from pages.shared.repetitions import repetition_choice
from pages.shared.steps_view import steps_view
from workbench.evaluation.cells import Cell
from workbench.evaluation.rows import Row
from workbench.records import Run

_TONES: dict[bool | None, markup.Tone] = {True: "done", False: "failed", None: "muted"}
_NO_MARKS = Marks({}, {})


def evaluate_detail(own: LiveEvaluation, row: Row, label: str) -> None:
    """Show the cell of a case and a column.

    Args:
        own: The evaluation.
        row: The case.
        label: Of the column.
    """
    asked = own.asked
    entry = row.entries[label]
    with st.container(border=True, key="evaluate-detail"):
        with st.container(horizontal=True, vertical_alignment="center", key="detail-bar"):
            st.html(markup.line_html(f"{row.case.name} with {label}", "title"))
            st.space("stretch")
            repetition = repetition_choice(len(entry.cells))
            st.button("Close", icon=":material/close:", type="tertiary", key="close-detail", on_click=_close)
        cell = entry.cells[repetition]
        about = [
            Path(row.case.document).name,
            *row.case.tags,
            *(f"{name}: {value}" for name, value in row.case.inputs.items()),
        ]
        st.html(
            markup.card_head_html(" · ".join(filter(None, about)) or "No document", _said(cell), _TONES[cell.passed])
        )
        if cell.fault:
            st.html(markup.failure_html("There is nothing to judge:", cell.fault))
        if cell.verdict and cell.verdict.results:
            st.html(assertions_html(cell.verdict.results))
            st.caption(_score(cell, row.case.threshold))
        if cell.run:
            _run(own, cell.run, cell)
        baseline = asked.matrix.baseline if asked else ""
        beside = row.entries[baseline].cells[repetition].run if baseline and baseline != label else None
        if cell.run and beside:
            _against(own.id, (baseline, label), beside, cell.run)


def _close() -> None:
    state.keep("evaluate-open", {})


def _said(cell: Cell) -> str:
    words = {True: "Passes", False: "Fails", None: cell.status.capitalize()}
    return words[cell.passed] if cell.score is None else f"{words[cell.passed]} · score {cell.score:.2f}"


def _score(cell: Cell, threshold: float | None) -> str:
    if threshold is None:
        return "It passes when every assertion that has a weight does."
    score = cell.verdict.score if cell.verdict else 0.0
    return f"The score is the weighted mean, {score:.2f}; the case passes from {threshold:g} on."


def _run(own: LiveEvaluation, run: Run, cell: Cell) -> None:
    judge = [("Judge: calls / reused", f"{cell.judgements.made} / {cell.judgements.reused}", "")]
    asked = cell.judgements.made + cell.judgements.reused
    st.html(markup.metrics_html([*run_figures(run, _NO_MARKS), *(judge if asked else [])]))
    if run.output:
        with st.container(key="detail-answer"):
            st.html(markup.answer_html(run.output, False))
    with st.container(horizontal=True, vertical_alignment="center", key="detail-links"):
        if history := own.history_id(run):
            st.page_link(
                "pages/history.py",
                label="In the history",
                icon=":material/history:",
                query_params={"run": history},
                help="Its prompts as they were, every step and call, and a way to make it again.",
            )
    if run.calls:
        sent_calls(run)


def _against(evaluation: str, labels: tuple[str, str], left: Run, right: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="diff-bar"):
        st.html(markup.line_html(f"Against {labels[0]}", "title"))
        st.space("stretch")
        as_one = st.toggle("Inline", key="inline", persist_state="session")
    if left.output and right.output:
        diff_panels(labels, left.output, right.output, as_one, key="answer-diff")
    steps_view(evaluation, labels, left, right, as_one)
