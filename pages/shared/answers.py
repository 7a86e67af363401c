"""The answer cards: one per variant, streaming while the experiment runs."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.standing import Standing, standing_of_lane, standing_of_run
from workbench.engine.jobs import Job
from workbench.records import Document, Experiment, Run

_POLL_SECONDS = 0.25
_TONES: dict[str, markup.Tone] = {"running": "running", "done": "done", "failed": "failed", "stopped": "stopped"}


def current_job() -> Job | None:
    """The experiment this browser started last, when this process runs or ran it."""
    return cached.jobs().find(state.kept("experiment", ""))


def last_experiment() -> Experiment | None:
    """What this browser ran last, as it stands."""
    job = current_job()
    return job.experiment() if job else cached.experiment(state.workspace(), state.kept("experiment", ""))


def is_live() -> bool:
    """Whether an experiment of this browser runs. Ask once per page run: what is drawn has to agree on it."""
    job = current_job()
    return job is not None and job.live


def answer_cards(labels: Sequence[str], document: Document | None, live: bool) -> None:
    """A card per label; redraws itself four times a second while the experiment runs, and not at all otherwise."""

    @st.fragment(run_every=_POLL_SECONDS if live else None)
    def cards() -> None:
        standings = _standings(document)
        best = _best(standings)
        with st.grid(max(len(labels), 1), min_column_width=270, key="answers"):
            for label in labels:
                with st.container(border=True, key=f"answer-{label}"):
                    if standing := standings.get(label):
                        _card(label, standing, best)
                    elif live:
                        st.html(markup.empty_html(f"{label} is not part of the run that goes on.", keys=()))
                    else:
                        st.html(markup.empty_html(f"No answer from {label} yet."))
        if live != is_live():
            st.rerun()  # once: the whole page is drawn anew, without polling

    cards()


def _standings(document: Document | None) -> dict[str, Standing]:
    job = current_job()
    if job:
        lanes = [lane for lane in job.lanes.values() if document and lane.document.sha256 == document.sha256]
        return {lane.variant.label: standing_of_lane(lane) for lane in lanes}
    experiment = last_experiment()
    runs = [run for run in experiment.runs if document and run.document == document.sha256] if experiment else []
    return {run.variant: standing_of_run(run) for run in runs}


def _best(standings: dict[str, Standing]) -> dict[str, float]:
    """The least seconds and the least cost, once all are done and there is something to compare."""
    runs = [standing.run for standing in standings.values()]
    if len(runs) < 2 or any(run.status != "done" for run in runs):
        return {}
    best = {"seconds": min(run.seconds for run in runs)}
    costs = [run.cost_usd for run in runs if run.cost_usd]
    return {**best, "cost": min(costs)} if len(costs) == len(runs) else best


def _card(label: str, standing: Standing, best: dict[str, float]) -> None:
    run = standing.run
    st.html(markup.card_head_html(label, standing.headline, _TONES.get(run.status, "muted")))
    st.html(markup.segments_html(standing.steps, f"Progress of {label}"))
    with st.container(height=225, border=False, autoscroll=standing.live, key=f"answer-body-{label}"):
        if standing.wait:
            st.caption(markup.plain_label(standing.wait, 300))
        if run.error and run.status == "failed":
            st.error(markup.plain_label(f"{run.error[1]} {run.hint}".strip(), 1000), icon=":material/error:")
        elif run.status == "stopped":
            st.caption(markup.plain_label(run.error[1] if run.error else "The run was stopped.", 300))
        if standing.text_of:
            st.caption(f"Summary of {standing.text_of}")
        if standing.text:
            st.html(markup.answer_html(standing.text, standing.live))
        elif standing.live:
            st.skeleton(40)
        _retry(label, standing)
    st.html(markup.metrics_html(_figures(run, best)))


def _figures(run: Run, best: dict[str, float]) -> list[tuple[str, str, str]]:
    cost = "price unknown" if run.cost_usd is None else "local" if _is_local(run) else f"${run.cost_usd:.4f}"
    first = "–" if run.first_token_seconds is None else f"{run.first_token_seconds:.1f} s"
    done = run.status == "done"
    return [
        ("Time", f"{run.seconds:.1f} s", "best" if done and run.seconds == best.get("seconds") else ""),
        ("First token", first, ""),
        ("Tokens in / out", f"{run.input_tokens:,} / {run.output_tokens:,}", ""),
        ("Calls / reused", f"{run.calls_made} / {run.calls_reused}", ""),
        ("Cost", cost, "best" if done and run.cost_usd and run.cost_usd == best.get("cost") else ""),
    ]


def _is_local(run: Run) -> bool:
    return any(call.request.origin == "local" for call in run.calls)


def _retry(label: str, standing: Standing) -> None:
    run = standing.run
    if run.status not in ("failed", "stopped"):
        return
    job = current_job()

    def again() -> None:
        if job:
            job.retry((label, run.document))

    if job:
        st.button("Retry this variant", icon=":material/refresh:", key=f"retry-{label}", on_click=again)
