"""Workbench: edit prompts side by side, run them on one PDF, read what changed."""

import secrets

import streamlit as st

from pages.shared import cached, markup, shell, state
from pages.shared.answers import answer_cards, current_job, is_live
from pages.shared.document_card import document_card
from pages.shared.editors import column_choice, editors, prompt_switch, undo_discard
from pages.shared.settings_card import RunSettings, settings_card, small_model_note
from pages.shared.what_changed import what_changed
from workbench.engine.jobs import Job
from workbench.errors import WorkbenchError
from workbench.records import Document, Experiment, Version
from workbench.state import bench
from workbench.state.bench import Bench

shell.guard()


def run(current: Bench, settings: RunSettings, document: Document | None, versions: dict[str, Version]) -> None:
    """Start the experiment; its threads go on when this page is left."""
    if is_live():
        return
    if document is None:
        st.toast("Add a PDF first, or use the sample document.", icon=":material/description:")
        return
    if len(current.columns) < 2:
        st.toast("Choose at least two variants.", icon=":material/compare:")
        return
    experiment = Experiment(
        id=secrets.token_urlsafe(16),
        dataflow=cached.DATAFLOW,
        model=settings.choice,
        variants=tuple(bench.variant(current, label) for label in current.labels),
        documents=(document,),
        inputs=settings.inputs,
    )
    workspace, history = state.workspace(), cached.history()
    try:
        job = Job(
            experiment,
            versions,
            cached.pool(),
            cached.endpoint_of(settings.choice),
            fresh=settings.fresh,
            on_end=lambda ended: history.save(workspace, ended.experiment()),
        )
    except WorkbenchError as error:
        st.toast(markup.plain_label(f"{error.message} {error.hint}".strip(), 300), icon=":material/error:")
        return
    cached.jobs().add(job)
    history.save(workspace, job.experiment())
    state.keep("experiment", job.id)
    job.start()


def ask_to_run() -> None:
    """Run in the page run to come, when all that was just typed has arrived."""
    state.pass_on("wanted", True)


def run_or_stop(columns: int, live: bool) -> None:
    """The one button: Run while nothing runs, Stop while something does."""
    job = current_job()
    if job and live:
        st.button("Stop", icon=":material/stop_circle:", key="stop", width=240, on_click=job.stop.set)
        return
    st.button(
        f"Run {columns} variants",
        type="primary",
        icon=":material/play_arrow:",
        key="run",
        width=240,
        shortcut="Mod+Enter",
        disabled=columns < 2,
        on_click=ask_to_run,
    )


versions = cached.versions()
if not versions:
    st.info("There is no prompt version yet: add prompts_v1.py to the dataflow's folder in prompts/.")
    st.stop()
live = is_live()
current = state.current_bench(versions)
bases = {current.drafts[label].base if label in current.drafts else label for label in current.labels}

with st.container(border=True, key="given"):
    left, right = st.columns([1, 3], vertical_alignment="center" if state.kept("document") else "top")
    with right:
        settings = settings_card([versions[label] for label in bases])
    with left:
        document = document_card(settings.chunk_tokens)
    small_model_note(settings.choice, document)

if state.passing("wanted"):
    state.pass_on("wanted", False)
    run(current, settings, document, versions)
    live = is_live()

with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
    column_choice(current, versions)
    undo_discard(versions)
    st.space("stretch")
    prompt = prompt_switch(cached.prompt_names())
    run_or_stop(len(current.columns), live)

if len(current.columns) < 2:
    st.info("Choose at least two variants above to compare them.", icon=":material/compare:")
editors(current, versions, prompt, on_run=ask_to_run)
answer_cards(current.labels, document, live)
what_changed(current, versions, prompt, document)
