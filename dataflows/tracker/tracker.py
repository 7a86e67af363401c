"""The lifecycle adapter: tells sinks of every execution of the driver it is added to."""

import atexit
import logging
import os
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self

from hamilton.lifecycle import base

from dataflows.tracker import current, noting, openai_client
from dataflows.tracker.delivery import Delivery
from dataflows.tracker.finished import About, record_maker
from dataflows.tracker.harmless import harmless
from dataflows.tracker.prompts import given_prompts
from dataflows.tracker.running import RunningRun
from dataflows.tracker.sink import Sink

_EXIT_SECONDS = 5.0
_GIT_SHA = re.compile("[0-9a-f]{7,64}")
_logger = logging.getLogger(__name__)


class Tracker(
    base.BasePreGraphExecute,  # type: ignore[misc] # Hamilton has no types
    base.BasePreGraphExecuteAsync,  # type: ignore[misc] # Hamilton has no types
    base.BasePreNodeExecute,  # type: ignore[misc] # Hamilton has no types
    base.BasePreNodeExecuteAsync,  # type: ignore[misc] # Hamilton has no types
    base.BasePostNodeExecute,  # type: ignore[misc] # Hamilton has no types
    base.BasePostNodeExecuteAsync,  # type: ignore[misc] # Hamilton has no types
    base.BasePostGraphExecute,  # type: ignore[misc] # Hamilton has no types
    base.BasePostGraphExecuteAsync,  # type: ignore[misc] # Hamilton has no types
):
    """Tells sinks of every execution: Builder().with_adapters(Tracker("summarization", source="tickets", sinks=[…])).

    The same class serves the plain and the async driver. An async driver calls each hook twice: around the making of a
    node's task, from where the task inherits which node is current, and around the execution itself.

    Args:
        dataflow: What the driver runs.
        source: Which service this is.
        sinks: Where records go; without one the tracker is off and changes nothing in the process.
        keep_content: Whether texts are told: prompts, messages, answers, outputs.
        git_sha: Commit of the service; by default WORKBENCH_GIT_SHA of the environment.
        hide: Patterns of what is never told, beside keys.
        most_waiting: Runs that wait for a sink at once; the oldest are dropped beyond.
    """

    def __init__(
        self,
        dataflow: str,
        *,
        source: str = "",
        sinks: Sequence[Sink] = (),
        keep_content: bool = False,
        git_sha: str = "",
        hide: Sequence[str | re.Pattern[str]] = (),
        most_waiting: int = 1_000,
    ) -> None:
        sha = (git_sha or os.environ.get("WORKBENCH_GIT_SHA", "")).strip().lower()
        self._about = About(
            dataflow, source, sha if _GIT_SHA.fullmatch(sha) else "", keep_content, tuple(map(re.compile, hide))
        )
        self.deliveries = [Delivery(sink, most_waiting) for sink in sinks]
        self._runs: dict[str, RunningRun] = {}
        if self.is_on:
            current.follow_threads()
            atexit.register(self.flush, _EXIT_SECONDS)

    @classmethod
    def from_environment(cls, dataflow: str, *, source: str = "", environment: Mapping[str, str] = os.environ) -> Self:
        """As WORKBENCH_TRACK says, see environment.py; off when it says nothing.

        Raises:
            ValueError: It makes no sense, or names what isn't installed.
        """
        # Imported here, as it builds on all sinks.
        from dataflows.tracker.environment import options_from

        return cls(dataflow, **options_from(source, environment))

    @property
    def is_on(self) -> bool:
        """Whether there is a sink."""
        return bool(self.deliveries)

    def flush(self, seconds: float = 10.0) -> bool:
        """Whether all runs that have ended were written, or have failed to be, within this time."""
        until = time.monotonic() + seconds
        done = [delivery.flush(max(0.0, until - time.monotonic())) for delivery in self.deliveries]
        return all(done)

    def __reduce__(self) -> tuple[Any, ...]:
        # Other processes (Ray, Dask, a process pool) get one that is off: what it noted there would be lost.
        return type(self), (self._about.dataflow,)

    @harmless
    def pre_graph_execute(
        self,
        *,
        run_id: str,
        graph: Any,
        inputs: Mapping[str, Any] | None,
        overrides: Mapping[str, Any] | None,
        **_: Any,
    ) -> None:
        """An execution begins."""
        if run_id in self._runs:
            self._runs[run_id].is_async = True
        else:
            given = given_prompts(graph, inputs or {}, overrides or {})
            self._runs[run_id] = noting.begin_run(run_id, given, keeps_content=self._about.keeps_content)

    @harmless
    def pre_node_execute(
        self, *, run_id: str, node_: Any, kwargs: Mapping[str, Any], task_id: str | None = None, **_: Any
    ) -> None:
        """A node begins, or its task is made."""
        openai_client.install()
        if run := self._runs.get(run_id):
            noting.begin_node(run, node_.name, task_id or "", kwargs)

    @harmless
    def post_node_execute(
        self,
        *,
        run_id: str,
        node_: Any,
        error: BaseException | None,
        result: Any,
        task_id: str | None = None,
        **_: Any,
    ) -> None:
        """A node ends, or its task has been made."""
        ended = time.perf_counter()
        if (run := self._runs.get(run_id)) and (node := run.open.get((task_id or "", node_.name))):
            noting.end_node(run, node, node_, ended, error, result)

    @harmless
    def post_graph_execute(self, *, run_id: str, error: BaseException | None, results: Any, **_: Any) -> None:
        """An execution ends."""
        if run := self._runs.pop(run_id, None):
            noting.end_run(run, error, results)
            record = record_maker(run, self._about)
            for delivery in self.deliveries:
                delivery.give(record, run.context.copy())
