"""Keeps each run of an experiment at its end, with the state of the code at its begin."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from workbench import project_code, settings
from workbench.engine.preparation import sources
from workbench.errors import WorkbenchError
from workbench.graphs import graph
from workbench.graphs.inputs import input_specs
from workbench.history.capture import kept_run
from workbench.history.code_state import CodeState, code_state
from workbench.history.kept import KeptRun
from workbench.history.privacy import privacy_of
from workbench.records import Experiment, Run, Version


class Recorder:
    """Of one experiment; make it when that begins.

    Args:
        keep: Takes the runs: History.record, or Spool.add.
        versions: Label -> version, as read when the experiment began.
        dataflow: Its name.
        source: "app" or "command".
        person: Who runs it.
    """

    def __init__(
        self, keep: Callable[[KeptRun], None], versions: Mapping[str, Version], dataflow: str, source: str, person: str
    ) -> None:
        self._keep, self._versions = keep, versions
        self._source, self._person = source, person
        asking = ThreadPoolExecutor(1, thread_name_prefix="code-state")
        self._code: Future[CodeState] = asking.submit(code_state, settings.project(), _digest(dataflow))
        self._defaults: Mapping[str, Any] | None = None
        asking.shutdown(wait=False)

    def record(self, experiment: Experiment, run: Run) -> None:
        """Keep a run that has ended."""
        if self._defaults is None:
            self._defaults = _defaults(experiment, self._versions)
        self._keep(
            kept_run(
                experiment,
                run,
                self._versions,
                self._code.result(),
                privacy_of(settings.home()),
                source=self._source,
                project=settings.project().name,
                person=self._person,
                defaults=self._defaults,
            )
        )


def _defaults(experiment: Experiment, versions: Mapping[str, Version]) -> dict[str, Any]:
    """What the inputs are that nobody gave: plain values by their names."""
    used = [versions[label] for label in sources(experiment) if label in versions]
    try:
        specs = input_specs(graph.dataflow_named(experiment.dataflow), experiment.model, used)
    except WorkbenchError:  # the runs say why
        return {}
    return {own.name: own.default for own in specs if isinstance(own.default, bool | int | float | str)}


def _digest(dataflow: str) -> str:
    try:
        return project_code.digest(graph.modules_of(graph.dataflow_named(dataflow)))
    except WorkbenchError:  # the runs will say why
        return ""
