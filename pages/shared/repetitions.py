"""Which of several repetitions is looked at, and the runs that belong to it."""

import streamlit as st

from workbench.records import Document, Experiment, Run


def repetition_choice(total: int) -> int:
    """Ask for one of the repetitions where there are several; the position of the chosen one, from 0."""
    if total < 2:
        return 0
    return int(
        st.selectbox(
            "Repetition",
            range(total),
            format_func=lambda repetition: f"Repetition {repetition + 1} of {total}",
            key=f"repetition-of-{total}",
            label_visibility="collapsed",
            width=190,
            persist_state="session",
        )
    )


def runs_of(experiment: Experiment | None, document: Document | None, repetition: int) -> dict[str, Run]:
    """Variant label -> its run of this repetition on the document at hand."""
    if not experiment or not document:
        return {}
    on_hand = [run for run in experiment.runs if run.document == document.sha256]
    return {run.variant: run for run in on_hand if run.repetition == repetition}
