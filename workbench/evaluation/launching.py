"""Experiments of an evaluation run a few at a time: each has threads of its own, and there may be thousands."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence

from workbench.engine.jobs import Job
from workbench.errors import DataflowError, StopError, WorkbenchError
from workbench.evaluation.grouping import Group

_MOST_RUNS = 64
"""That wait or run at a time, where experiments are smaller than that; a job runs 32 of its own at a time."""

MakeJob = Callable[[Group, Callable[[Job], None]], Job]
"""(group, who is told at its end) -> its job, not started."""


class Launcher:
    """Runs groups in their order, beginning the next whenever there is room.

    Args:
        groups: What to run.
        make_job: Prepares a group; its errors are those of the group.
        refuse: Told of each group that isn't run, with the reason.
    """

    def __init__(
        self, groups: Sequence[Group], make_job: MakeJob, refuse: Callable[[Group, WorkbenchError], None]
    ) -> None:
        self._make_job, self._refuse = make_job, refuse
        self._lock = threading.Condition()
        self._launching = threading.Lock()
        self._waiting = deque(groups)
        self._active: dict[int, tuple[Group, Job | None]] = {}
        """None: it is being prepared."""
        self._stopped = False

    @property
    def live(self) -> bool:
        """Whether a run is waiting or running."""
        return bool(self._active or self._waiting)

    def launch(self) -> None:
        """Begin groups while there is room for their runs."""
        # One thread prepares at a time: several that compute hold up the thread that the calls are in.
        with self._launching:
            while group := self._next():
                self._begin(group)

    def stop(self) -> None:
        """End what runs, and refuse the rest."""
        with self._lock:
            self._stopped = True
            dropped = list(self._waiting)
            for group in dropped:
                self._refuse(group, StopError("The evaluation was stopped."))
            self._waiting.clear()
        for _, job in self.jobs():
            job.stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until all groups have ended or `timeout` seconds have passed; whether they have ended."""
        with self._lock:
            return self._lock.wait_for(lambda: not self.live, timeout)

    def jobs(self) -> list[tuple[Group, Job]]:
        """The groups that run."""
        with self._lock:
            return [(group, job) for group, job in self._active.values() if job]

    def _next(self) -> Group | None:
        with self._lock:
            if self._waiting and sum(len(group.cells) for group, _ in self._active.values()) < _MOST_RUNS:
                group = self._waiting.popleft()
                self._active[id(group)] = group, None
                return group
            self._lock.notify_all()
            return None

    def _begin(self, group: Group) -> None:
        def leave(_: Job) -> None:
            self._leave(group)
            self.launch()

        try:
            job = self._make_job(group, leave)
        except Exception as error:  # else the evaluation would wait for it for ever
            if not isinstance(error, WorkbenchError):
                logging.getLogger(__name__).exception("an experiment could not be prepared")
                error = DataflowError(f"Preparing it ended with a fault of the workbench: {type(error).__name__}.")
            self._refuse(group, error)
            self._leave(group)
            return
        with self._lock:
            self._active[id(group)] = group, job
            stopped = self._stopped
        if stopped:
            job.stop.set()
        job.start()

    def _leave(self, group: Group) -> None:
        with self._lock:
            del self._active[id(group)]
