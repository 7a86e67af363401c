"""What is done for the history now and then: take in what waits, tell of killed runs, forget what is too old."""

import logging
import sqlite3
import threading
import time
from dataclasses import replace

from workbench import settings
from workbench.documents.store import forget_documents
from workbench.errors import WorkbenchError
from workbench.graphs.sources import versions_of_dataflow
from workbench.history.capture import kept_run
from workbench.history.code_state import CodeState
from workbench.history.history import History
from workbench.history.kept import APP, Filters
from workbench.history.privacy import privacy_of
from workbench.history.texts import sha256_of
from workbench.records import Experiment, Run
from workbench.state.experiments import Experiments

_DOCUMENT_SECONDS = 24 * 3600.0
"""How long a document at hand stays where none is to be kept: a refresh must not lose it."""
_log = logging.getLogger(__name__)


def look_after(history: History, experiments: Experiments) -> threading.Thread:
    """Do it in a thread of its own, so that no page waits."""
    thread = threading.Thread(target=tidy, args=(history, experiments), name="history-upkeep", daemon=True)
    thread.start()
    return thread


def tidy(history: History, experiments: Experiments) -> None:
    """Do it now; what goes wrong is logged, and tried again the next time."""
    try:
        history.drain()
        for experiment in experiments.left_behind():
            _tell_killed(history, experiment)
        privacy = privacy_of(settings.home())
        if privacy.days:
            history.delete_old(privacy.days)
        if not privacy.keeps_documents:
            forget_documents(settings.home(), time.time() - _DOCUMENT_SECONDS)
    except (WorkbenchError, sqlite3.Error, OSError) as error:
        _log.warning("the history could not be looked after: %s", error)


def _tell_killed(history: History, experiment: Experiment) -> None:
    """Keep the runs whose process was ended before they were; whoever tells of one first, it is there once."""
    told = {
        (row.variant, row.document, row.repetition)
        for row in history.runs(Filters(experiment=experiment.id), size=10_000).rows
    }
    versions = versions_of_dataflow(experiment.dataflow)
    for run in experiment.runs:
        if (run.variant, run.document, run.repetition) in told or run.status != "stopped":
            continue
        began = replace(run, started_at=run.started_at or experiment.started_at)
        kept = kept_run(
            experiment,
            began,
            versions,
            CodeState(),
            privacy_of(settings.home()),
            source=APP,
            project=settings.project().name,
            person="",
        )
        history.put([replace(kept, id=_id_of(experiment, began))])


def _id_of(experiment: Experiment, run: Run) -> str:
    """The same each time for a run of an experiment."""
    mark = sha256_of(f"{experiment.id} {run.variant} {run.document} {run.repetition}")
    return f"{int(run.started_at * 1000):012x}{mark[:10]}"
