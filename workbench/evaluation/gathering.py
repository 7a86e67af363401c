"""Answers of cases whose variants are compared, held until all of a case are there."""

import threading
from dataclasses import dataclass, field

from workbench.evaluation.cells import CellKey
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.needs import comparisons_of
from workbench.evaluation.selecting import Rivals
from workbench.records import Run, Status


@dataclass
class Row:
    """One case in one repetition, all variants of which have ended."""

    turn: int
    """Its place among those that are compared."""
    statuses: dict[CellKey, Status] = field(default_factory=dict)
    runs: dict[CellKey, Run] = field(default_factory=dict)
    """Those that have an answer, still to be judged."""

    @property
    def is_stopped(self) -> bool:
        """Whether a variant's run was stopped: it can still answer, in another evaluation."""
        return "stopped" in self.statuses.values()

    def rivals(self, labels: tuple[str, ...]) -> Rivals:
        """Their answers, in the order of the labels."""
        outputs: dict[str, str | None] = dict.fromkeys(labels)
        return Rivals(outputs | {key[1]: run.output for key, run in self.runs.items()}, self.turn)


class Gathering:
    """Safe across threads.

    Args:
        matrix: Whose cases.
    """

    def __init__(self, matrix: Matrix) -> None:
        compared = [position for position, case in enumerate(matrix.dataset.cases) if comparisons_of(case)]
        self.labels = tuple(column.label for column in matrix.columns)
        self._turns = {position: turn for turn, position in enumerate(compared)}
        self._rows: dict[tuple[int, int], Row] = {}
        self._lock = threading.Lock()

    def holds(self, key: CellKey) -> bool:
        """Whether the cell's case has its variants compared."""
        return key[0] in self._turns

    def add(self, key: CellKey, status: Status, run: Run | None = None) -> Row | None:
        """A run of such a case has ended; the row, if it was the last of it.

        Args:
            key: Of its cell.
            status: "done", "failed" or "stopped".
            run: Where there is one.
        """
        position, _, repetition = key
        with self._lock:
            row = self._rows.setdefault((position, repetition), Row(self._turns[position] + repetition))
            row.statuses[key] = status
            if run and status == "done":
                row.runs[key] = run
            if len(row.statuses) < len(self.labels):
                return None
            return self._rows.pop((position, repetition))
