"""An evaluation in progress: each answer is judged as it comes."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from workbench.engine.jobs import Job
from workbench.engine.lanes import Lane
from workbench.engine.spending import Spending
from workbench.engine.stopping import Stop
from workbench.errors import StopError, WorkbenchError
from workbench.evaluation.cells import Cell, CellKey
from workbench.evaluation.gathering import Gathering
from workbench.evaluation.grouping import Group
from workbench.evaluation.judging import ModelJudge
from workbench.evaluation.launching import Launcher
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.surroundings import Surroundings
from workbench.evaluation.verdicts import judged_cell, judged_row, said, unread_cells
from workbench.records import Experiment, Run, Status


class Evaluation:
    """One evaluation being run; a page may read it at any time, and it goes on without one.

    What was answered is kept: the same evaluation begun again, in whatever process, makes only the missing calls.

    Args:
        matrix: What is evaluated.
        groups: Of groups_of.
        around: What it runs with.

    Raises:
        UsageError: It has a budget in money, and a model's price is unknown.
    """

    def __init__(self, matrix: Matrix, groups: Sequence[Group], around: Surroundings) -> None:
        self.matrix = matrix
        self._around = around
        self._launcher = Launcher(groups, self._job, self._refuse)
        self._lock, self._telling = threading.Lock(), threading.Lock()
        self._cells = {key: Cell(key) for key in matrix.cell_keys()}
        self._cells |= unread_cells(matrix)
        self._stop = Stop()
        self._began = self._newest = 0.0
        self.version = 0
        """Another number whenever a cell has ended."""
        self._gathering = Gathering(matrix)
        judges = [model for model in (around.judge, around.embedding) if model]
        models = [*(base.model for base in matrix.bases), *judges]
        self.spending, *_ = [Spending(model, matrix.bases[0].budget) for model in models]
        self._judge = ModelJudge(around, self._stop, self.spending, matrix.bases[0]) if judges else None

    def start(self) -> None:
        """Run everything; returns at once."""
        self._began = self._newest = time.monotonic()
        self._launcher.launch()

    def stop(self) -> None:
        """End it; what is done and what was answered is kept."""
        self._stop.set()
        self._launcher.stop()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until all cells have ended or `timeout` seconds have passed; whether they have ended."""
        return self._launcher.wait(timeout)

    @property
    def live(self) -> bool:
        """Whether a run is waiting or running."""
        return self._launcher.live

    @property
    def seconds(self) -> float:
        """Since the start, or from start to end."""
        return (time.monotonic() if self.live else self._newest) - self._began if self._began else 0.0

    def cells(self) -> list[Cell]:
        """Every cell as it stands, case by case."""
        jobs = self._launcher.jobs()
        with self._lock:
            cells = dict(self._cells)
        for group, job in jobs:
            for run, keys in group.cells.items():
                if job.lanes[run].status != "waiting":
                    cells |= {key: replace(cells[key], status="running") for key in keys if not cells[key].ended}
        return list(cells.values())

    def lane(self, key: CellKey) -> Lane | None:
        """The run of a cell while it goes on, to be looked at as it writes; None when it waits or has ended."""
        jobs = self._launcher.jobs()
        found = (job.lanes[run] for group, job in jobs for run, keys in group.cells.items() if key in keys)
        return next(found, None)

    def _job(self, group: Group, on_end: Callable[[Job], None]) -> Job:
        around, on_run = self._around, partial(self._judge_run, group)
        endpoint = around.endpoint_of(group.base.model)
        job = Job(group.experiment, around.versions, around.pool, endpoint, on_end=on_end, on_run=on_run)
        job.spending = self.spending
        return job

    def _judge_run(self, group: Group, experiment: Experiment, run: Run) -> None:
        try:
            if self._around.on_run:
                # One at a time: threads that all compute hold up the thread that the calls are in.
                with self._telling:
                    self._around.on_run(experiment, run)
        except Exception:
            logging.getLogger(__name__).exception("the run of %s could not be told", run.variant)
        for key in group.cells[run.variant, run.document, run.repetition]:
            if run.status == "done" and self._gathering.holds(key):
                self._put(Cell(key, "running", run))
            else:
                self._put(judged_cell(key, run, self.matrix.dataset.cases[key[0]], self._judge))
            self._gather(key, run.status, run)

    def _refuse(self, group: Group, error: WorkbenchError) -> None:
        status: Status = "stopped" if isinstance(error, StopError) else "failed"
        for keys in group.cells.values():
            for key in keys:
                self._put(Cell(key, status, fault=said(error)))
                self._gather(key, status)

    def _gather(self, key: CellKey, status: Status, run: Run | None = None) -> None:
        """Judge the answers to a case that were held, if this was the last of them."""
        if self._gathering.holds(key) and (row := self._gathering.add(key, status, run)):
            for cell in judged_row(row, self._gathering.labels, self.matrix.dataset.cases[key[0]], self._judge):
                self._put(cell)

    def _put(self, cell: Cell) -> None:
        with self._lock:
            self._cells[cell.key] = cell
            self._newest = time.monotonic()
            self.version += 1
