"""Experiments in progress: threads that outlive the page that started them."""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from workbench.engine import runner
from workbench.engine.calls import CallPool
from workbench.engine.lanes import Lane
from workbench.engine.once import Once
from workbench.engine.preparation import prepare
from workbench.engine.run_model import RunModel
from workbench.engine.stopping import Stop
from workbench.errors import DataflowError, StopError, WorkbenchError
from workbench.models.catalog import call_request
from workbench.models.endpoints import Endpoint
from workbench.records import Document, Experiment, Version

_THREADS = 32
_KEPT_JOBS = 100

Cell = tuple[str, str]
"""(variant label, document's SHA-256)."""


class Job:
    """One experiment being run; its threads only wait for model calls.

    Args:
        experiment: What to run; its runs are ignored.
        versions: Label -> version, as read when the job was made.
        pool: The process's calls.
        endpoint: Where to ask.
        fresh: Don't use answers that were kept before now.
        on_end: Called from a thread of the job each time all its runs have ended.

    Raises:
        InputError, DataflowError: The experiment as a whole can't run.
    """

    def __init__(
        self,
        experiment: Experiment,
        versions: Mapping[str, Version],
        pool: CallPool,
        endpoint: Endpoint,
        *,
        fresh: bool = False,
        on_end: Callable[["Job"], None] | None = None,
    ) -> None:
        self.started_at = time.time()
        self._experiment = replace(experiment, started_at=self.started_at, runs=())
        self._prepared = prepare(experiment, versions)
        self._pool, self._endpoint = pool, endpoint
        self._since = self.started_at if fresh else 0.0
        self._on_end = on_end
        self._lock = threading.Condition()
        self._ending = threading.Lock()
        self._shared = {
            document.sha256: Once(partial(runner.run_shared, self._prepared, document))
            for document in experiment.documents
        }
        self._waiting: deque[tuple[Lane, Stop]] = deque()
        self._active = 0
        self._seconds = 0.0
        self.stop = Stop()
        self.lanes: dict[Cell, Lane] = {}
        for document in experiment.documents:
            for variant in experiment.variants:
                self._add_lane(variant.label, document)

    @property
    def id(self) -> str:
        """The experiment's."""
        return self._experiment.id

    @property
    def live(self) -> bool:
        """Whether a run is waiting or running."""
        return self._active > 0

    def start(self) -> None:
        """Run all lanes, up to 32 at a time; returns at once."""
        self._launch(list(self.lanes.values()))

    def retry(self, cell: Cell) -> None:
        """Run one ended cell again; what its calls already answered is reused."""
        with self._lock:
            before = self.lanes[cell]
            if before.status in ("waiting", "running"):
                return
            if self.stop.is_set:
                self.stop = Stop()
            self._launch([self._add_lane(cell[0], before.document)])

    def wait(self, timeout: float | None = None) -> bool:
        """Block until all runs have ended or `timeout` seconds have passed; whether they have ended."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._active, timeout)

    def experiment(self) -> Experiment:
        """The experiment with its runs as they stand."""
        runs = tuple(lane.run() for lane in self.lanes.values())
        seconds = time.time() - self.started_at if self.live else self._seconds
        return replace(self._experiment, runs=runs, seconds=seconds)

    def _add_lane(self, label: str, document: Document) -> Lane:
        variant = next(own for own in self._experiment.variants if own.label == label)
        lane = Lane(variant, document, self._experiment.model, self._prepared.output)
        self.lanes[label, document.sha256] = lane
        return lane

    def _launch(self, lanes: list[Lane]) -> None:
        with self._lock:
            self._waiting += [(lane, self.stop) for lane in lanes]
            threads = min(len(lanes), _THREADS)
            self._active += len(lanes)
        for _ in range(threads):
            threading.Thread(target=self._work, name=f"run-{self.id[:8]}", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                lane, stop = self._waiting.popleft()
            self._run(lane, stop)
            with self._lock:
                self._seconds = time.time() - self.started_at
                self._active -= 1
                ended = not self._active
                self._lock.notify_all()
            if ended and self._on_end:
                with self._ending:  # one at a time, so that the newest state is the last one told
                    self._on_end(self)

    def _run(self, lane: Lane, stop: Stop) -> None:
        lane.begin()
        try:
            if stop.is_set:
                raise StopError("The run was stopped.")
            if refused := self._prepared.refused.get(lane.variant.label):
                raise refused
            make_request = partial(call_request, self._experiment.model)
            model = RunModel(self._pool, self._endpoint, make_request, lane, stop, self._since)
            shared = self._shared[lane.document.sha256].value()
            lane.end(runner.run_variant(self._prepared, lane, shared, model))
        except WorkbenchError as error:
            lane.end(error=error)
        except Exception as error:
            logging.getLogger(__name__).exception("run of %s failed", lane.variant.label)
            lane.end(error=DataflowError(f"The run ended with a fault of the workbench: {type(error).__name__}."))


class Jobs:
    """The jobs of a process, found again by their id; ids can't be guessed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def add(self, job: Job) -> None:
        """Keep a job; the oldest ended ones go."""
        with self._lock:
            spare = len(self._jobs) + 1 - _KEPT_JOBS
            for old in [own.id for own in self._jobs.values() if not own.live][: max(0, spare)]:
                del self._jobs[old]
            self._jobs[job.id] = job

    def find(self, job_id: str) -> Job | None:
        """The job, or None when it was in another process or is long over."""
        return self._jobs.get(job_id)
