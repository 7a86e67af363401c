"""The line that says what a run will make and cost before it is run, and how far it is while it runs."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import markup
from pages.shared.experiments import SLOT, counted, current_job
from pages.shared.plan_words import budget_words, plan_words, progress_words, refusals
from workbench.engine.jobs import Job
from workbench.engine.plans import Count
from workbench.records import Experiment, Version

_POLL_SECONDS = 0.5


def plan_line(experiment: Experiment | None, versions: Mapping[str, Version], live: bool, slot: str = SLOT) -> None:
    """Show the plan of an experiment, or the progress of the one that runs.

    Draws itself anew twice a second while something runs or is counted, and not at all otherwise.

    Args:
        experiment: What Run would run; None says nothing.
        versions: Label -> version, as read now.
        live: Whether this slot's experiment runs.
        slot: Where the experiment is kept.
    """
    with st.container(key="plan"):
        job = current_job(slot) if live else None
        if job:
            _progress(job)
        elif experiment:
            count = counted(experiment, versions, slot)
            if count.counting:
                _counting(count, experiment, versions, slot)
            else:
                _show(count, experiment)


@st.fragment(run_every=_POLL_SECONDS)
def _progress(job: Job) -> None:
    states = [call.state for lane in list(job.lanes.values()) for call in list(lane.calls)]
    st.html(markup.plan_html(progress_words(states.count("done"), job.planned, states.count("reused"))))


@st.fragment(run_every=_POLL_SECONDS)
def _counting(count: Count, experiment: Experiment, versions: Mapping[str, Version], slot: str) -> None:
    _show(count, experiment)
    if not counted(experiment, versions, slot).counting:
        st.rerun()  # once: the whole page is drawn anew, without polling


def _show(count: Count, experiment: Experiment) -> None:
    words = plan_words(count.plan, experiment.model) if count.plan else ""
    budget = budget_words(count.plan, experiment.budget) if count.plan else ""
    st.html(markup.plan_html(words, budget, refusals(count), counting=count.counting))
