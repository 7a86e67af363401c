"""What changed: any two variants, in their prompts, their answers, or any step in between."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import markup, state
from pages.shared.diff_panels import diff_panels
from pages.shared.experiments import last_experiment
from pages.shared.repetitions import repetition_choice, runs_of
from pages.shared.steps_view import steps_view
from workbench.records import Document, Experiment, Run, Version
from workbench.results_table import results_csv
from workbench.state import bench
from workbench.state.bench import Bench


def what_changed(current: Bench, versions: Mapping[str, Version], prompt: str, document: Document | None) -> None:
    """Choose two of the columns and a step; show the difference word by word."""
    labels = current.labels
    if len(labels) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="diff-bar"):
        st.subheader("What changed", anchor=False, width="content")
        st.space("stretch")
        what = st.segmented_control(
            "What",
            ["Prompts", "Steps", "Answers"],
            default="Prompts",
            key="what",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        left = _side("left", labels, 0)
        right = _side("right", labels, 1)
        as_one = st.toggle("Inline", key="inline", persist_state="session")
        experiment = last_experiment()
        repetition = repetition_choice(experiment.repetitions) if experiment and what != "Prompts" else 0
        if experiment:
            _download(experiment)
    if what == "Prompts":
        texts = [bench.template(current, label, prompt, versions) for label in (left, right)]
        diff_panels((left, right), texts[0], texts[1], as_one)
        return
    runs = runs_of(experiment, document, repetition)
    missing = [label for label in (left, right) if label not in runs]
    if not experiment or missing:
        st.html(markup.empty_html(f"{' and '.join(dict.fromkeys(missing))} has no run on this document yet."))
    elif what == "Answers":
        _answers((left, right), runs[left], runs[right], as_one)
    else:
        steps_view(experiment.id, (left, right), runs[left], runs[right], as_one)


def _answers(labels: tuple[str, str], left: Run, right: Run, as_one: bool) -> None:
    without = [f"{label} ({run.status})" for label, run in zip(labels, (left, right), strict=True) if not run.output]
    if without:
        text = f"No answer yet from {' and '.join(without)}; the steps it came to are under Steps."
        st.html(markup.empty_html(text, keys=()))
    else:
        diff_panels(labels, left.output, right.output, as_one)


def _download(experiment: Experiment) -> None:
    st.download_button(
        "Results",
        lambda: results_csv(experiment),
        "results.csv",
        "text/csv",
        icon=":material/download:",
        help="Figures and answers of the last run, as CSV",
        on_click="ignore",
    )


def _side(name: str, labels: list[str], position: int) -> str:
    kept = state.kept(name)
    state.show(name, kept if kept in labels else labels[position])
    return str(
        st.selectbox(
            name.capitalize(),
            labels,
            key=name,
            label_visibility="collapsed",
            width=190,
            on_change=state.keep_widget,
            args=(name, name),
        )
    )
