"""Evaluations of this browser: begun, found again, gone on with after a restart."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pages.shared import cached, state
from pages.shared.evaluate_live import LiveEvaluation
from workbench import settings
from workbench.errors import InputError
from workbench.evaluation.choice import Choice, request_of
from workbench.evaluation.running import Evaluation
from workbench.evaluation.surroundings import Surroundings
from workbench.evaluation.verdict_store import keep_verdicts
from workbench.evaluation_request import Asked, settled
from workbench.history.kept import APP, KeptRun
from workbench.records import Document, Experiment, Run, Version
from workbench.state.record_json import from_value, to_value

SLOT = "evaluation"
"""Under this name the workspace keeps what was evaluated last."""

Stop = Callable[[], bool]


def current_evaluation() -> LiveEvaluation | None:
    """The one this browser began last, when this process runs or ran it."""
    return cached.evaluations().find(_asker())


def start(choice: Choice, versions: Mapping[str, Version], planned: int | None = None, at: float = 0.0) -> None:
    """Evaluate; it goes on when the page is left.

    Args:
        choice: What.
        versions: Label -> version, as read now.
        planned: How many calls it is to make, if that was counted.
        at: Seconds since the epoch at which it began, when it goes on.
    """
    begun = at or time.time()
    own = LiveEvaluation(
        choice,
        begun,
        prepare=preparation(choice, versions, begun),
        make=partial(_made, versions, state.person()),
        on_end=partial(_ended, state.workspace(), f"{choice.dataflow}:{SLOT}", state.person()),
    )
    own.planned = planned
    cached.evaluations().add(_asker(), own)
    state.keep(SLOT, _kept(own, "going"))  # first: a page run that is ended in here leaves nothing that runs unseen
    own.start()


def preparation(choice: Choice, versions: Mapping[str, Version], at: float = 0.0) -> Callable[[Stop], Asked]:
    """What settles the choice, in whatever thread; it raises what makes it impossible."""

    def prepared(stop: Stop) -> Asked:
        dataset = cached.open_datasets().open(Path(choice.dataset))
        return settled(request_of(choice, dataset, _document(choice), versions, at), versions, stop)

    return prepared


def left_behind() -> tuple[Choice, dict[str, Any]] | None:
    """What a process that is gone evaluated last, and how that stood; None when there is nothing to go on with."""
    kept = state.kept(SLOT)
    if not kept or current_evaluation():
        return None
    return from_value(kept["choice"], Choice), kept


def forget() -> None:
    """Don't offer it any more; what was answered is kept."""
    state.keep(SLOT, None)


def _asker() -> tuple[str, str]:
    return state.workspace(), state.dataflow_name()


def _kept(own: LiveEvaluation, standing: str) -> dict[str, Any]:
    return {"id": own.id, "at": own.at, "standing": standing, "choice": to_value(own.choice)}


def _document(choice: Choice) -> Document | None:
    if not choice.document:
        return None
    document = cached.document(choice.document, choice.document_name)
    if document is None:
        cached.document.clear(choice.document, choice.document_name)
        hint = "Upload it again on the Workbench, or name documents in the cases."
        raise InputError(f"{choice.document_name} is not kept any more.", hint)
    return document


def _made(
    versions: Mapping[str, Version], person: str, asked: Asked, note: Callable[[Run, KeptRun], None]
) -> Evaluation:
    """The evaluation, whose runs go into the history one after the other."""
    from workbench.history.recorder import Recorder  # with what it needs a third of a second, which no page waits for

    fresh: list[KeptRun] = []

    def record(kept: KeptRun) -> None:
        cached.history().record(kept)
        fresh.append(kept)

    recorders = {base.model: Recorder(record, versions, base.dataflow, APP, person) for base in asked.matrix.bases}

    def keep(experiment: Experiment, run: Run) -> None:
        recorders[experiment.model].record(experiment, run)
        note(run, fresh.pop())

    return Evaluation(
        asked.matrix,
        asked.groups,
        Surroundings(versions, cached.pool(), cached.endpoint_of, asked.judge, keep, asked.embedding),
    )


def _ended(workspace: str, place: str, person: str, own: LiveEvaluation) -> None:
    """Called once for each evaluation, from its thread, when it is over; a closed tab loses nothing."""
    whole = bool(own.outcome) and all(
        cell.status != "stopped" for row in own.rows() for entry in row.entries.values() for cell in entry.cells
    )
    cached.workspaces().write(workspace, place, _kept(own, "ended" if whole else "stopped"))
    if own.outcome and own.asked:
        keep_verdicts(own.outcome, own.asked.versions, settings.home(), person)
