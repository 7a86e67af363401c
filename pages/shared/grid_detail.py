"""One combination of a grid beside the baseline: both answers, what changed between them, and where they part."""

import streamlit as st

from pages.shared import markup
from pages.shared.answers import answer_cards
from pages.shared.diff_panels import diff_panels
from pages.shared.repetitions import runs_of
from pages.shared.steps_view import steps_view
from workbench.records import Document, Experiment, Run


def grid_detail(
    labels: tuple[str, str],
    experiment: Experiment | None,
    document: Document | None,
    repetition: int,
    live: bool,
    slot: str,
) -> None:
    """Show both answers and all that differs on the way to them; of the baseline alone, its answer.

    Args:
        labels: Of the baseline, and of the combination that was chosen.
        experiment: What was run last, as it stands.
        document: The one at hand, if any.
        repetition: Which one is compared, from 0.
        live: Whether the experiment runs.
        slot: Where it is kept.
    """
    baseline, opened = labels
    runs = runs_of(experiment, document, repetition)
    if not experiment or not runs:
        _nothing_yet(document)
        return
    shown = [label for label in dict.fromkeys(labels) if label in runs]
    answer_cards(shown, document, live, slot)
    if opened not in runs:
        st.caption(markup.plain_label(f"{opened} has not been run yet.", 200))
    elif opened == baseline:
        st.caption("This is the baseline. Choose another combination above to see where it parts.")
    elif baseline in runs:
        _what_changed(labels, experiment, *(runs[label] for label in labels))


def _nothing_yet(document: Document | None) -> None:
    if document:
        st.html(markup.empty_html("No combination has been run on this document yet."))
    else:
        st.html(markup.empty_html("Add a PDF above, choose versions of both prompts, then run them all.", keys=()))


def _what_changed(labels: tuple[str, str], experiment: Experiment, left: Run, right: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="diff-bar"):
        st.subheader("What changed", anchor=False, width="content")
        st.space("stretch")
        as_one = st.toggle("Inline", key="inline", persist_state="session")
    if left.output and right.output:
        diff_panels(labels, left.output, right.output, as_one, key="answer-diff")
    steps_view(experiment.id, labels, left, right, as_one)
