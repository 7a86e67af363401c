"""What became of a run that is not done, and what mends it: one call again, all that failed, the rest of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.experiments import current_job, go_on_without_budget, last_experiment, resume
from pages.shared.standing import Failure, Standing, budget_reached, is_over_budget
from workbench.engine.jobs import Job
from workbench.records import Budget, Experiment

_MOST_LISTED = 5


def mending(label: str, standing: Standing, slot: str) -> None:
    """Show why a run has ended without an answer, and the buttons for it; nothing while it goes on or when it is done.

    Args:
        label: Of its variant.
        standing: How it stands.
        slot: Where its experiment is kept.
    """
    run = standing.run
    if standing.live or run.status == "done":
        return
    job = current_job(slot)
    if is_over_budget(run):
        _go_on(label, standing, job, slot)
        return
    cell = (label, run.document, run.repetition)
    failures = standing.failures
    if not failures:
        if run.status == "failed" and run.error:
            st.error(markup.plain_label(f"{run.error[1]} {run.hint}".strip(), 1000), icon=":material/error:")
        else:
            st.caption(markup.plain_label(run.error[1] if run.error else "The run was stopped.", 300))
    if not job:
        _resume_button(label, slot)
    elif len(failures) != 1:
        text = f"Retry all {len(failures):,}" if failures else "Retry this variant"
        st.button(text, icon=":material/refresh:", key=f"retry-{label}", on_click=job.retry, args=(cell,))
    if failures:
        _list(label, failures, (lambda failure: job.retry(cell, (failure.node, failure.index))) if job else None)


def _list(label: str, failures: Sequence[Failure], retry: Callable[[Failure], None] | None) -> None:
    with st.container(gap="xsmall", key=f"failures-{label}"):
        for failure in failures[:_MOST_LISTED]:
            with st.container(horizontal=True, wrap=False, gap="small"):
                st.html(markup.failure_html(failure.place, f"{failure.message} {failure.hint}".strip()))
                if retry:
                    st.button(
                        "Retry",
                        key=f"retry-{label}-{failure.node}-{failure.index}",
                        type="tertiary",
                        icon=":material/refresh:",
                        help=f"Make this call again, and no other: {failure.place}.",
                        on_click=retry,
                        args=(failure,),
                    )
        if len(failures) > _MOST_LISTED:
            st.caption(f"and {len(failures) - _MOST_LISTED:,} more")


def _go_on(label: str, standing: Standing, job: Job | None, slot: str) -> None:
    experiment = last_experiment(slot)
    if not experiment:
        return

    def go_on() -> None:
        if job:
            go_on_without_budget(job)
        else:
            resume(replace(experiment, budget=Budget()), cached.versions(state.dataflow_name()), slot)

    st.warning(budget_reached(experiment.budget, standing), icon=":material/savings:")
    st.button(
        "Go on without the budget",
        icon=":material/play_arrow:",
        key=f"go-on-{label}",
        help="Makes the missing calls of all variants that the budget has stopped.",
        on_click=go_on,
    )


def _resume_button(label: str, slot: str) -> None:
    """For a run that has ended in a process that is gone; for one that was interrupted, the banner has the button."""
    experiment = last_experiment(slot)
    offered = [own.id for own in cached.experiments().interrupted(state.workspace())]
    if experiment and experiment.id not in offered:
        st.button(
            "Resume",
            icon=":material/play_arrow:",
            key=f"resume-{label}",
            help="Makes the missing calls of this run, of all its variants.",
            on_click=_resume,
            args=(experiment, slot),
        )


def _resume(experiment: Experiment, slot: str) -> None:
    resume(experiment, cached.versions(state.dataflow_name()), slot)
