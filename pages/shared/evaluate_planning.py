"""Plans of evaluations, counted in the background: documents are read for them, and a thousand cases take time."""

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillCounting
from dataclasses import dataclass
from functools import partial

from workbench.errors import StopError, WorkbenchError
from workbench.evaluation.planning import EvaluationPlan
from workbench.evaluation_request import Asked

_KEPT = 32
_PATIENCE_SECONDS = 0.15


@dataclass(frozen=True)
class Planned:
    """What is known of a plan, and of what it was made of."""

    plan: EvaluationPlan | None = None
    problems: tuple[str, ...] = ()
    """Documents that can't be read and variables that go nowhere, a sentence each."""
    error: WorkbenchError | None = None
    """Why the evaluation as a whole can't run."""
    counting: bool = False


class Planning:
    """Counts plans, one at a time, in a thread of its own. Safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._work: queue.SimpleQueue[tuple[Hashable, Callable[[Callable[[], bool]], Planned]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._found: OrderedDict[Hashable, Future[Planned]] = OrderedDict()
        self._wanted: dict[Hashable, Hashable] = {}

    def count(self, asker: Hashable, key: Hashable, plan: Callable[[Callable[[], bool]], Planned]) -> Planned:
        """What `plan` gives, or that it is being counted; waits 0.15 s for it at most.

        Args:
            asker: Who asks. A plan that its asker doesn't want any more is given up.
            key: All that decides the plan.
            plan: Counts; gets what says that nobody waits any more.
        """
        with self._lock:
            self._wanted[asker] = key
            future = self._found.get(key)
            if future is None:
                future = self._found[key] = Future()
                self._work.put((key, plan))
                while len(self._found) > _KEPT:
                    self._found.popitem(last=False)
                if not self._thread:
                    self._thread = threading.Thread(target=self._count, name="evaluation-plans", daemon=True)
                    self._thread.start()
        try:
            return future.result(_PATIENCE_SECONDS)
        except (StillCounting, StopError):
            return Planned(counting=True)
        except WorkbenchError as error:
            return Planned(error=error)

    def _is_unwanted(self, key: Hashable) -> bool:
        with self._lock:
            return key not in self._wanted.values()

    def _count(self) -> None:
        while True:
            key, plan = self._work.get()
            with self._lock:
                future = self._found.get(key)
            if not future:
                continue
            try:
                if self._is_unwanted(key):
                    raise StopError("Nobody waits for this plan any more.")
                future.set_result(plan(partial(self._is_unwanted, key)))
            except Exception as error:  # noqa: BLE001 it is raised where the plan is asked for
                if isinstance(error, StopError):
                    with self._lock:
                        self._found.pop(key, None)
                future.set_exception(error)


def planned_of(asked: Asked, plan: EvaluationPlan) -> Planned:
    """The plan, with what a person has to know of the dataset."""
    unread = [
        f"{document.name} can't be read, so its cases fail: {error.message} {error.hint}".strip()
        for document, error in asked.matrix.unread.values()
    ]
    return Planned(plan, (*unread, *(f"{own.message} {own.hint}".strip() for own in asked.notes)))
