"""The Hamilton UI's own tracker, held so that it fails no run and gets no values unless they are wanted."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from hamilton.lifecycle import base

from dataflows.tracker.cleaning import Cleaner
from dataflows.tracker.running_call import Problem

_MOST_CHARACTERS = 10_000
_logger = logging.getLogger(__name__)


def _held(hook: Callable[..., None]) -> Callable[..., None]:
    """The hook, which never raises; after it failed, the run's other hooks are left out."""

    @functools.wraps(hook)
    def held(self: "HamiltonUI", *, run_id: str = "", **given: Any) -> None:
        if run_id in self.lost:
            if hook.__name__ == "post_graph_execute":
                self.lost.discard(run_id)
            return
        try:
            hook(self, run_id=run_id, **given)
        except Exception as error:  # noqa: BLE001 a sink that fails never fails the run
            if hook.__name__ not in ("post_graph_construct", "post_graph_execute"):
                self.lost.add(run_id)
            if not self.is_failing:
                self.is_failing = True
                why = Cleaner()(f"{type(error).__name__}: {error}", 500)
                _logger.warning("the Hamilton UI takes no runs, which are lost until it does: %s", why)

    return held


class HamiltonUI(
    base.BasePostGraphConstruct,  # type: ignore[misc] # Hamilton has no types
    base.BasePreGraphExecute,  # type: ignore[misc] # Hamilton has no types
    base.BasePreNodeExecute,  # type: ignore[misc] # Hamilton has no types
    base.BasePostNodeExecute,  # type: ignore[misc] # Hamilton has no types
    base.BasePostGraphExecute,  # type: ignore[misc] # Hamilton has no types
):
    """Sends runs of a plain driver to the Hamilton UI at HAMILTON_API_URL, through its package apache-hamilton-sdk.

    The UI is sent the code of the nodes and the driver's config, which are what it shows; its hooks wait for it, a
    second when the driver is built and some 30 ms for each run. Its parallel nodes are one.

    Args:
        dataflow: Name of the DAG there.
        project_id: Number of the project, which is made in the UI.
        username: Who made it.
        keep_content: Whether values of nodes are sent: texts without keys, numbers; never other objects.

    Raises:
        ValueError: The package isn't installed.
    """

    def __init__(self, dataflow: str, *, project_id: int, username: str, keep_content: bool = False) -> None:
        try:
            from hamilton_sdk import adapters
        except ImportError as error:
            raise ValueError("the Hamilton UI needs the package apache-hamilton-sdk; install it") from error
        self._make = functools.partial(
            adapters.HamiltonTracker, project_id=project_id, username=username, dag_name=dataflow
        )
        self._tracker: Any = None
        self._keeps_content = keep_content
        self._clean = Cleaner()
        self.lost: set[str] = set()
        """Runs of which the UI knows a part at most."""
        self.is_failing = False

    @_held
    def post_graph_construct(self, *, run_id: str, **given: Any) -> None:  # noqa: ARG002 there is no run yet
        """A driver is built."""
        # Made here, as it asks the UI at once.
        self._tracker = self._tracker or self._make()
        self._tracker.post_graph_construct(**given)

    @_held
    def pre_graph_execute(self, *, run_id: str, **given: Any) -> None:
        """An execution begins."""
        if self._tracker is None:
            self.lost.add(run_id)
            return
        self._tracker.pre_graph_execute(run_id=run_id, **{**given, "inputs": {}, "overrides": {}})
        self.is_failing = False

    @_held
    def pre_node_execute(self, *, run_id: str, **given: Any) -> None:
        """A node begins."""
        self._tracker.pre_node_execute(run_id=run_id, **{**given, "kwargs": {}})

    @_held
    def post_node_execute(self, *, run_id: str, error: BaseException | None, result: Any, **given: Any) -> None:
        """A node ends."""
        told = self._told(result)
        self._tracker.post_node_execute(
            run_id=run_id, error=self._cleaned(error), result=told, **{**given, "kwargs": {}}
        )

    @_held
    def post_graph_execute(self, *, run_id: str, error: BaseException | None, **given: Any) -> None:
        """An execution ends."""
        cleaned = self._cleaned(error)
        self._tracker.post_graph_execute(run_id=run_id, error=cleaned, **{**given, "results": None})

    def _told(self, value: Any) -> Any:
        if not self._keeps_content:
            return None
        if isinstance(value, str):
            return self._clean(value, _MOST_CHARACTERS)
        return value if isinstance(value, bool | int | float) else None

    def _cleaned(self, error: BaseException | None) -> Exception | None:
        """One that says the same without keys, and that has no frames."""
        if error is None:
            return None
        problem = Problem(error)
        return RuntimeError(self._clean(f"{problem.type}: {problem.message}", _MOST_CHARACTERS))
