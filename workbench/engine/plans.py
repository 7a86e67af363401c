"""Plans counted in the background, each once, so that a page never waits for a long one."""

import queue
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillCounting
from dataclasses import dataclass, replace
from typing import Any

from workbench import project_code
from workbench.engine.call_store import CallStore
from workbench.engine.plan import Plan, plan_of
from workbench.engine.preparation import sources
from workbench.errors import StopError, VersionError, WorkbenchError
from workbench.graphs import graph
from workbench.prompts.versions import load_module
from workbench.records import Experiment, Version

_THREADS = 2
_KEPT = 128


@dataclass(frozen=True)
class Count:
    """What is known of a plan now."""

    plan: Plan | None = None
    """While it is being counted, the last one of the same asker."""
    error: WorkbenchError | None = None
    """Why the experiment as a whole can't run."""
    counting: bool = False


class Plans:
    """Counts plans in threads of its own. Safe across threads.

    Args:
        store: Of the answers that are kept.
    """

    def __init__(self, store: CallStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._work: queue.SimpleQueue[tuple[Hashable, Experiment, Mapping[str, Version]]] = queue.SimpleQueue()
        self._threads = 0
        self._counts: OrderedDict[Hashable, Future[Plan]] = OrderedDict()
        self._wanted: OrderedDict[Hashable, Hashable] = OrderedDict()
        self._last: OrderedDict[Hashable, Plan] = OrderedDict()

    def count(
        self, asker: Hashable, experiment: Experiment, versions: Mapping[str, Version], patience: float = 0.15
    ) -> Count:
        """The plan of an experiment with the answers kept now; waits this many seconds for it at most.

        Args:
            asker: Who asks. A plan that was not begun when all its askers have come to want another never is.
            experiment: What would be run.
            versions: Label -> version, as read now.
            patience: Seconds.
        """
        try:
            key = (_key(experiment, versions), self._store.version())
        except WorkbenchError as error:
            return Count(error=error)
        count = self._begun(asker, key, experiment, versions)
        try:
            plan = count.result(patience)
        except (StillCounting, StopError):
            return Count(self._last.get(asker), counting=True)
        except WorkbenchError as error:
            return Count(error=error)
        with self._lock:
            _put(self._last, asker, plan)
        return Count(plan)

    def _begun(
        self, asker: Hashable, key: Hashable, experiment: Experiment, versions: Mapping[str, Version]
    ) -> "Future[Plan]":
        with self._lock:
            _put(self._wanted, asker, key)
            count = self._counts.get(key)
            if count is None:
                count = Future()
                self._work.put((key, experiment, dict(versions)))
                if self._threads < _THREADS:
                    self._threads += 1
                    threading.Thread(target=self._count, name="plans", daemon=True).start()
            _put(self._counts, key, count)
            return count

    def _count(self) -> None:
        while True:
            key, experiment, versions = self._work.get()
            with self._lock:
                count = self._counts.get(key)
                if count and key not in self._wanted.values():
                    del self._counts[key]
                    count.set_exception(StopError("Nobody waits for this plan any more."))
                    continue
            if count and not count.done():
                try:
                    count.set_result(plan_of(experiment, versions, self._store))
                except Exception as error:  # noqa: BLE001 it is raised where the plan is asked for
                    count.set_exception(error)


def _key(experiment: Experiment, versions: Mapping[str, Version]) -> Hashable:
    """All that decides a plan besides the answers that are kept."""
    documents = tuple(replace(document, page_texts=()) for document in experiment.documents)
    bare = replace(experiment, id="", documents=documents, runs=(), sources={}, seconds=0.0)
    dataflow = project_code.digest(graph.modules_of(graph.dataflow_named(experiment.dataflow)))
    return repr(bare), dataflow, *(_code(versions[label]) for label in sources(experiment) if label in versions)


def _code(version: Version) -> str:
    try:
        module = load_module(version)
        return f"{version.label} {version.sha256} {project_code.digest([module] if module else [])}"
    except VersionError as error:
        return f"{version.sha256} {error.message}"


def _put(kept: "OrderedDict[Hashable, Any]", key: Hashable, value: Any) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
