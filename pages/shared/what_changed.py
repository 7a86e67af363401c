"""What changed: any two variants, in their prompts, their answers, or any step in between."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dataflows import DATAFLOWS
from pages.shared import cached, markup, state
from pages.shared.answers import last_experiment
from workbench.comparison.steps import Step, pages_read, steps_between
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
        if experiment:
            _download(experiment)
    if what == "Prompts":
        texts = [bench.template(current, label, prompt, versions) for label in (left, right)]
        _panels((left, right), texts[0], texts[1], as_one)
        return
    on_hand = document.sha256 if document else ""
    runs = {run.variant: run for run in experiment.runs if run.document == on_hand} if experiment else {}
    missing = [label for label in (left, right) if label not in runs]
    if missing:
        st.html(markup.empty_html(f"{' and '.join(dict.fromkeys(missing))} has no run on this document yet."))
    elif what == "Answers":
        _answers((left, right), runs[left], runs[right], as_one)
    else:
        _steps((left, right), runs[left], runs[right], as_one)


def _answers(labels: tuple[str, str], left: Run, right: Run, as_one: bool) -> None:
    without = [f"{label} ({run.status})" for label, run in zip(labels, (left, right), strict=True) if not run.output]
    if without:
        text = f"No answer yet from {' and '.join(without)}; the steps it came to are under Steps."
        st.html(markup.empty_html(text, keys=()))
    else:
        _panels(labels, left.output, right.output, as_one)


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


def _steps(labels: tuple[str, str], left: Run, right: Run, as_one: bool) -> None:
    steps = steps_between(left, right)
    chunks = left.values.get(DATAFLOWS[cached.DATAFLOW].chunks, [])
    if not steps:
        st.html(markup.empty_html("Neither run has come to its first step.", keys=()))
        return
    differ = sum(step.differs for step in steps)
    first = next((index for index, step in enumerate(steps) if step.differs), 0)
    st.caption(f"{differ} of {len(steps)} steps differ" + (f"; the first is {_name(steps[first])}" if differ else ""))
    chosen = st.selectbox(
        "Step",
        range(len(steps)),
        index=first,
        key="step",
        format_func=lambda index: _label(steps[index], chunks),
        label_visibility="collapsed",
    )
    step = steps[min(chosen, len(steps) - 1)]
    _panels(labels, step.left, step.right, as_one)


def _label(step: Step, chunks: Sequence[str]) -> str:
    parts = [_name(step), pages_read(step, chunks), "" if step.differs else "same"]
    return " · ".join(part for part in parts if part)


def _name(step: Step) -> str:
    return step.node if step.index is None else f"{step.node} · {step.index + 1} of {step.total}"


def _panels(labels: tuple[str, str], left: str, right: str, as_one: bool) -> None:
    inline, sides, (removed, added) = cached.difference(left, right)
    with st.container(key="diff"):
        if left == right:
            st.html(markup.diff_panel_html(f"{labels[0]} and {labels[1]} are identical", "", sides[0]))
        elif as_one:
            title = f"{labels[0]} → {labels[1]}"
            st.html(markup.diff_panel_html(title, f"−{removed} +{added}", inline))
        else:
            for column, label, count, body in zip(
                st.columns(2, gap="small"), labels, (f"−{removed}", f"+{added}"), sides, strict=True
            ):
                with column:
                    st.html(markup.diff_panel_html(label, count, body))
