"""Experiments in progress: threads that outlive the page that started them."""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from workbench.engine.calls import CallPool
from workbench.engine.lanes import Lane
from workbench.engine.preparation import prepare, sources
from workbench.engine.requests import Requests
from workbench.engine.run_model import RunModel
from workbench.engine.runner import run_variant
from workbench.engine.shared_nodes import shared_nodes
from workbench.engine.spending import Spending
from workbench.engine.stopping import Stop
from workbench.errors import DataflowError, StopError, UsageError, WorkbenchError
from workbench.interception.asked import AskedCall
from workbench.models.endpoints import Endpoint
from workbench.records import Budget, Document, Experiment, Run, Variant, Version

_THREADS = 32
_KEPT_JOBS = 100
MOST_REPETITIONS = 30

Cell = tuple[str, str, int]
"""(variant label, document's SHA-256, repetition from 0)."""


@dataclass(frozen=True)
class _Ticket:
    """A lane that waits for a thread."""

    lane: Lane
    stop: Stop
    refused: Mapping[str, WorkbenchError] = field(default_factory=dict)


class Job:
    """One experiment being run; its threads only wait for model calls.

    Args:
        experiment: What to run; its runs are ignored. One that was started before goes on under its id and its start.
        versions: Label -> version, as read when the job was made.
        pool: The process's calls.
        endpoint: Where to ask.
        on_end: Called from a thread of the job each time all its runs have ended.
        on_run: Called from a thread of the job with each run that has ended, before the job counts it as ended.

    Raises:
        InputError, DataflowError: The experiment as a whole can't run.
        UsageError: It has more repetitions than 30, or a budget in money for a model whose price is unknown.
    """

    def __init__(
        self,
        experiment: Experiment,
        versions: Mapping[str, Version],
        pool: CallPool,
        endpoint: Endpoint,
        *,
        on_end: Callable[["Job"], None] | None = None,
        on_run: Callable[[Experiment, Run], None] | None = None,
    ) -> None:
        if not 1 <= experiment.repetitions <= MOST_REPETITIONS:
            message = f"{experiment.repetitions} repetitions are asked for; 1 to {MOST_REPETITIONS} are possible."
            raise UsageError(message, "Change the number of repetitions.")
        self.started_at = experiment.started_at or time.time()
        hashes = {label: versions[label].sha256 for label in sources(experiment) if label in versions}
        self._experiment = replace(experiment, started_at=self.started_at, sources=hashes, runs=())
        self._prepared = prepare(experiment, versions)
        self._pool, self._endpoint = pool, endpoint
        self._on_end, self._on_run = on_end, on_run
        self._lock = threading.Condition()
        self._ending = threading.Lock()
        self._waiting: deque[_Ticket] = deque()
        self._active = 0
        self._began = time.monotonic()
        self._seconds = 0.0
        self.stop = Stop()
        self.planned: int | None = None
        """How many calls it was to make by the plan it was started with, when there was one."""
        self.spending = Spending(experiment.model, experiment.budget)
        self.lanes: dict[Cell, Lane] = {}
        for repetition in range(experiment.repetitions):
            for document in experiment.documents:
                for variant in experiment.variants:
                    self._add_lane(variant, document, repetition)

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
        self._launch([_Ticket(lane, self.stop) for lane in self.lanes.values()])

    def retry(self, cell: Cell, only: tuple[str, int] | None = None) -> None:
        """Run one ended cell again; what its calls already answered is reused.

        Args:
            cell: Which.
            only: (node, index) of the one failed call to repeat; the others fail as they did. None repeats all.
        """
        with self._lock:
            before = self.lanes[cell]
            if before.status in ("waiting", "running"):
                return
            if self.stop.is_set:
                self.stop = Stop()
            self.planned = None
            failed = [call for call in before.calls if only and call.error and (call.node, call.index) != only]
            refused = {call.request.key(): call.error for call in failed if call.error}
            lane = self._add_lane(before.variant, before.document, before.repetition)
            self._launch([_Ticket(lane, self.stop, refused)])

    def lift_budget(self) -> None:
        """What is run from now on has no budget."""
        with self._lock:
            self._experiment = replace(self._experiment, budget=Budget())
            self.spending = Spending(self._experiment.model, Budget())

    def wait(self, timeout: float | None = None) -> bool:
        """Block until all runs have ended or `timeout` seconds have passed; whether they have ended."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._active, timeout)

    def experiment(self) -> Experiment:
        """The experiment with its runs as they stand."""
        runs = tuple(lane.run() for lane in self.lanes.values())
        seconds = time.monotonic() - self._began if self.live else self._seconds
        return replace(self._experiment, runs=runs, seconds=seconds)

    def _add_lane(self, variant: Variant, document: Document, repetition: int) -> Lane:
        lane = Lane(variant, document, self._experiment.model, self._prepared.output, repetition)
        self.lanes[variant.label, document.sha256, repetition] = lane
        return lane

    def _launch(self, tickets: list[_Ticket]) -> None:
        with self._lock:
            self._waiting += tickets
            threads = min(len(tickets), _THREADS)
            self._active += len(tickets)
        for _ in range(threads):
            threading.Thread(target=self._work, name=f"run-{self.id[:8]}", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                ticket = self._waiting.popleft()
            self._run(ticket)
            self._tell(ticket.lane)
            with self._lock:
                self._seconds = time.monotonic() - self._began
                self._active -= 1
                ended = not self._active
                self._lock.notify_all()
            if ended and self._on_end:
                with self._ending:  # one at a time, so that the newest state is the last one told
                    self._on_end(self)

    def _run(self, ticket: _Ticket) -> None:
        lane = ticket.lane
        lane.begin()
        try:
            if ticket.stop.is_set:
                raise StopError("The run was stopped.")
            if refused := self._prepared.refused.get(lane.variant.label):
                raise refused
            shared = shared_nodes(self._prepared, lane.document)
            lane.end(run_variant(self._prepared, lane, shared, self._model(ticket)))
        except WorkbenchError as error:
            lane.end(error=error)
        except Exception as error:
            logging.getLogger(__name__).exception("run of %s failed", lane.variant.label)
            lane.end(error=DataflowError(f"The run ended with a fault of the workbench: {type(error).__name__}."))

    def _tell(self, lane: Lane) -> None:
        """Whoever keeps runs is told; what goes wrong there does not hurt the run."""
        if self._on_run is None:
            return
        try:
            self._on_run(self._experiment, lane.run())
        except Exception:
            logging.getLogger(__name__).exception("the run of %s could not be told", lane.variant.label)

    def _model(self, ticket: _Ticket) -> RunModel:
        return RunModel(
            ticket.lane,
            Requests(self._experiment.model, ticket.lane.repetition),
            self._pool,
            self._endpoint_for,
            ticket.stop,
            since=self.started_at if self._experiment.fresh else 0.0,
            spending=self.spending,
            refused=ticket.refused,
        )

    def _endpoint_for(self, asked: AskedCall | None) -> Endpoint:
        """Where a call goes: calls of the dataflow's own clients to theirs, unless another model was chosen."""
        its_own = self._experiment.model.endpoint == "code"
        return self._pool.code_endpoints.of(asked) if asked and its_own else self._endpoint


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
