"""Where two runs part: a line that says it, the strip of their steps, and the difference at the chosen step."""

from collections.abc import Callable, Sequence

import streamlit as st

from dataflows.chunking import pages_of
from pages.shared import cached, markup, state
from pages.shared.diff_panels import diff_panels, half_panels
from pages.shared.step_strip import Place, step_strip
from workbench.comparison.parting import first_difference, noun, pages_read, parting_line
from workbench.comparison.steps import Step, steps_between, why_missing
from workbench.records import Run

_NEXT_KEY = "F8"


def steps_view(experiment: str, labels: tuple[str, str], left: Run, right: Run, as_one: bool) -> None:
    """Show the steps of two runs on one document; the first that differs is open until another is chosen.

    Args:
        experiment: Id of the experiment the runs belong to.
        labels: What the runs are called.
        left: The run to compare with.
        right: The other one, of the same repetition.
        as_one: Show differences in one panel.
    """
    steps = steps_between(left, right, cached.prompt_names(state.dataflow_name()))
    if not steps:
        st.html(markup.empty_html("Neither run has come to its first step.", keys=()))
        return
    pages = _pages(experiment, left) or _pages(experiment, right)
    line = parting_line(labels, (left, right), steps, len(pages))
    pair = [experiment, *labels, left.repetition]

    def choose(place: Place) -> None:
        state.pass_on("step", {"of": pair, "place": place})

    @st.fragment
    def view() -> None:
        bar = st.container(horizontal=True, vertical_alignment="center", key="steps-bar")
        kept = state.passing("step", {})
        opened = _at(steps, kept.get("place")) if kept.get("of") == pair else None
        opened = opened or first_difference(steps) or steps[0]
        place = step_strip("steps", steps=steps, pages=pages, selected=opened, on_choose=choose)
        step = _at(steps, place) or opened
        with bar:
            st.html(markup.line_html(line, "title"))
            _jumps(steps, step, choose)
        with st.container(key="step-line"):
            st.html(markup.line_html(_headline(step, pages), "detail"))
        if step.left is None or step.right is None:
            reasons = (why_missing(labels[0], left, step), why_missing(labels[1], right, step))
            half_panels(labels, step.left, step.right, reasons)
        else:
            diff_panels(labels, step.left, step.right, as_one)

    view()


def _pages(experiment: str, run: Run) -> list[tuple[int, int]]:
    """First and last page of each chunk; empty while the run has none. Of a whole book they take 20 ms to find."""
    chunks = run.values.get(cached.dataflow(state.dataflow_name()).chunks)
    if not isinstance(chunks, list):
        return []
    known = state.passing("chunk-pages", {})
    of = [experiment, run.document, run.variant, len(chunks)]
    if known.get("of") != of:
        known = {"of": of, "pages": pages_of(chunks)}
        state.pass_on("chunk-pages", known)
    return list(known["pages"])


def _at(steps: Sequence[Step], place: Place | None) -> Step | None:
    return next((step for step in steps if (step.node, step.index) == place), None)


def _jumps(steps: Sequence[Step], step: Step, choose: Callable[[Place], None]) -> None:
    """The pair of buttons from one difference to the next."""
    at = steps.index(step)
    before = [own for own in steps[:at] if own.state == "differs"]
    after = [own for own in steps[at + 1 :] if own.state == "differs"]
    for key, name, icon, shortcut, goal in (
        ("previous", "Previous difference", "arrow_back", f"Shift+{_NEXT_KEY}", before[-1:]),
        ("next", "Next difference", "arrow_forward", _NEXT_KEY, after[:1]),
    ):
        st.button(
            name,
            icon=f":material/{icon}:",
            key=f"{key}-difference",
            shortcut=shortcut,
            disabled=not goal,
            on_click=choose,
            args=[(own.node, own.index) for own in goal],
        )


def _headline(step: Step, pages: Sequence[tuple[int, int]]) -> str:
    """The step at hand: "summarized_chunks · chunk 7 of 40 · page 3"."""
    if step.index is None:
        return step.node
    kind = noun(step, len(pages))
    read = f" · {pages_read(pages[step.index])}" if kind == "chunk" else ""
    return f"{step.node} · {kind} {step.index + 1:,} of {step.total:,}{read}"
