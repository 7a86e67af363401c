"""The button that evaluates or stops, and the line beneath: what it will make and cost, or how far it is."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.evaluate_choice import misfit_of
from pages.shared.evaluate_figures import calls_so_far
from pages.shared.evaluate_live import LiveEvaluation
from pages.shared.evaluate_planning import Planned, planned_of
from pages.shared.evaluate_run import SLOT, current_evaluation, preparation, start
from pages.shared.evaluate_words import plan_lines, progress
from pages.shared.run_bar import ask_to_run
from workbench import project_code
from workbench.datasets.nouns import Dataset
from workbench.errors import WorkbenchError
from workbench.evaluation.choice import Choice
from workbench.evaluation.planning import plan_evaluation
from workbench.graphs import graph
from workbench.records import Version

_POLL_SECONDS = 0.5


def evaluate_if_asked(choice: Choice, dataset: Dataset, versions: Mapping[str, Version]) -> None:
    """Begin what was asked for, unless something goes on or the choice can't run."""
    if not state.passing(f"wanted-{SLOT}"):
        return
    own = current_evaluation()
    if misfit := misfit_of(choice):
        st.toast(markup.plain_label(misfit, 300), icon=":material/rule:")
    elif not (own and own.live):
        plan = planned(choice, dataset, versions).plan
        start(choice, versions, plan.to_make if plan else None)
    # Last: another message of the browser may end this page run anywhere above, and then the next one starts it.
    state.pass_on(f"wanted-{SLOT}", False)


def evaluate_or_stop(choice: Choice, cells: int, own: LiveEvaluation | None) -> None:
    """The one button: Evaluate while nothing runs, Stop while something does."""
    if own and own.live:
        st.button("Stop", icon=":material/stop_circle:", key="stop", width=240, on_click=own.stop)
        return
    st.button(
        f"Evaluate {cells:,} cell{'' if cells == 1 else 's'}",
        type="primary",
        icon=":material/play_arrow:",
        key="run",
        width=240,
        shortcut="Mod+Enter",
        disabled=bool(misfit_of(choice)),
        on_click=ask_to_run,
        args=(SLOT,),
    )


def evaluate_line(
    choice: Choice, dataset: Dataset, versions: Mapping[str, Version], own: LiveEvaluation | None
) -> None:
    """The plan, or the progress; draws itself anew twice a second while something runs or is counted, else not."""
    with st.container(key="plan"):
        if own and own.live:
            _progress(own)
        elif misfit := misfit_of(choice):
            st.html(markup.plan_html("", refusals=[misfit]))
        else:
            found = planned(choice, dataset, versions)
            if found.counting:
                _counting(choice, dataset, versions)
            else:
                _show(choice, found)


def planned(choice: Choice, dataset: Dataset, versions: Mapping[str, Version]) -> Planned:
    """The plan of the choice with the answers kept now, or that it is being counted."""
    settle, store = preparation(choice, versions), cached.store()
    try:
        modules = graph.modules_of(graph.dataflow_named(choice.dataflow))
        code = project_code.digest(modules), *(own.sha256 for own in versions.values())
        key = repr(choice), dataset.sha256, dataset.file_sha256, code, store.version()
    except WorkbenchError as error:
        return Planned(error=error)

    def plan(asked_to_stop: object) -> Planned:
        asked = settle(asked_to_stop)  # type: ignore[arg-type]
        return planned_of(asked, plan_evaluation(asked.groups, asked.matrix.dataset.cases, asked.versions, store))

    return cached.evaluation_plans().count((state.workspace(), choice.dataflow), key, plan)


@st.fragment(run_every=_POLL_SECONDS)
def _progress(own: LiveEvaluation) -> None:
    rows = own.rows()
    st.html(markup.plan_html(progress(rows, calls_so_far(rows), own.planned) if rows else "Reading the documents"))


@st.fragment(run_every=_POLL_SECONDS)
def _counting(choice: Choice, dataset: Dataset, versions: Mapping[str, Version]) -> None:
    found = planned(choice, dataset, versions)
    _show(choice, found)
    if not found.counting:
        st.rerun()  # once: the whole page is drawn anew, without polling


def _show(choice: Choice, found: Planned) -> None:
    words, budget, refusals = plan_lines(choice, found)
    st.html(markup.plan_html(words, budget, refusals, counting=found.counting))
