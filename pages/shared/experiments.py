"""What this browser runs or ran: started, found again, resumed. Each page that runs something has a slot for it."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.settings_card import RunSettings
from pages.shared.standing import is_over_budget
from workbench.engine.grid import BETWEEN
from workbench.engine.jobs import Job
from workbench.engine.plans import Count
from workbench.errors import WorkbenchError
from workbench.history.kept import APP
from workbench.records import NO_DOCUMENT, Document, Experiment, Run, Variant, Version

SLOT = "experiment"
"""Of the Workbench: under this name the workspace keeps which experiment was run last."""


def experiment_of(variants: Sequence[Variant], settings: RunSettings, document: Document) -> Experiment:
    """What Run would run."""
    return Experiment(
        id="",
        dataflow=state.dataflow_name(),
        model=settings.choice,
        variants=tuple(variants),
        documents=(document,),
        inputs=settings.inputs,
        repetitions=settings.repetitions,
        budget=settings.budget,
        fresh=settings.fresh,
    )


def counted(experiment: Experiment, versions: Mapping[str, Version], slot: str = SLOT) -> Count:
    """The plan of an experiment, or the last one of this slot while it is being counted; never waits long."""
    try:
        return cached.plans().count((state.workspace(), slot), experiment, versions)
    except WorkbenchError as error:  # the store can't be opened, so nothing can be run either
        return Count(error=error)


def start(experiment: Experiment, versions: Mapping[str, Version], slot: str = SLOT) -> None:
    """Run an experiment; its threads go on when the page is left. A toast says why when it can't be started.

    One that has an id goes on under it, with what its calls answered before.
    """
    count = counted(experiment, versions, slot)
    named = experiment if experiment.id else replace(experiment, id=secrets.token_urlsafe(16))
    workspace, kept = state.workspace(), cached.experiments()
    try:
        job = Job(
            named,
            versions,
            cached.pool(),
            cached.endpoint_of(named.model),
            on_end=lambda ended: kept.save(workspace, ended.experiment()),
            on_run=_recorder(named.dataflow, versions),
        )
    except WorkbenchError as error:
        st.toast(markup.plain_label(f"{error.message} {error.hint}".strip(), 300), icon=":material/error:")
        return
    if count.plan and not count.counting:
        job.planned = count.plan.to_make
    cached.jobs().add(job)
    kept.save(workspace, job.experiment())
    cached.experiment.clear(workspace, job.id)  # it was over, and isn't any more
    state.keep(slot, job.id)  # first: a page run that is ended in here leaves nothing that runs unseen
    job.start()


def _recorder(dataflow: str, versions: Mapping[str, Version]) -> Callable[[Experiment, Run], None]:
    """Keeps each run in the history when it ends."""
    from workbench.history.recorder import Recorder  # with what it needs a third of a second, which no page waits for

    return Recorder(lambda run: cached.history().record(run), versions, dataflow, APP, state.person()).record


def current_job(slot: str = SLOT) -> Job | None:
    """The experiment this browser started last, when this process runs or ran it."""
    return cached.jobs().find(state.kept(slot, ""))


def last_experiment(slot: str = SLOT) -> Experiment | None:
    """What this browser ran last, as it stands."""
    job = current_job(slot)
    return job.experiment() if job else cached.experiment(state.workspace(), state.kept(slot, ""))


def is_live(slot: str = SLOT) -> bool:
    """Whether an experiment of this browser runs. Ask once per page run: what is drawn has to agree on it."""
    job = current_job(slot)
    return job is not None and job.live


def go_on_without_budget(job: Job) -> None:
    """Make the calls that the budget did not allow."""
    job.lift_budget()
    for cell, lane in job.lanes.items():
        if is_over_budget(lane.run()):
            job.retry(cell)


def documents_of(experiment: Experiment) -> list[Document] | None:
    """The documents of an experiment that was kept, with their text; None when one is gone."""
    found = []
    for own in experiment.documents:
        if own == NO_DOCUMENT:
            found.append(own)
            continue
        document = cached.document(own.sha256, own.name)
        if document is None:
            cached.document.clear(own.sha256, own.name)  # it is there as soon as somebody uploads it again
            return None
        found.append(document)
    return found


def resume(experiment: Experiment, versions: Mapping[str, Version], slot: str = SLOT) -> None:
    """Make the missing calls of an experiment that this process did not run, under its id."""
    documents = documents_of(experiment)
    if not documents:
        st.toast("The document of this run is gone. Upload it again, then resume.", icon=":material/error:")
        return
    state.keep("document", {"sha256": documents[0].sha256, "name": documents[0].name})
    start(replace(experiment, documents=tuple(documents)), versions, slot)


def is_grid(experiment: Experiment) -> bool:
    """Whether its variants are combinations."""
    return any(BETWEEN in variant.label for variant in experiment.variants)
