"""Figures of the rows of a matrix that take a look at each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from pages.shared.evaluate_cells import passed_of
from workbench.evaluation.rows import Row
from workbench.evaluation.verdicts import facts_of
from workbench.records import Run


@dataclass(frozen=True)
class Figures:
    """Of one column over all cases."""

    passed: int
    """Assertions that pass."""
    asked: int
    """Assertions that can fail a case."""
    median_seconds: float | None
    """Of its runs' calls, one after the other; None without a run."""


def figures_of(rows: Sequence[Row], label: str) -> Figures:
    """The figures of a column; a run that several cases share counts once."""
    cells = [cell for row in rows for cell in row.entries[label].cells]
    counted = [passed_of(cell) for cell in cells]
    runs = {id(cell.run): cell.run for cell in cells if cell.run}
    known = [own.seconds for own in map(facts_of, runs.values()) if own.seconds is not None]
    passed, asked = (sum(pair[at] for pair in counted) for at in (0, 1))
    return Figures(passed, asked, median(known) if known else None)


def calls_so_far(rows: Sequence[Row]) -> tuple[int, int]:
    """(made, reused) by the runs that have ended and by the judge."""
    cells = [cell for row in rows for entry in row.entries.values() for cell in entry.cells]
    runs: Mapping[int, Run] = {id(cell.run): cell.run for cell in cells if cell.run}
    made = sum(run.calls_made for run in runs.values()) + sum(cell.judgements.made for cell in cells)
    reused = sum(run.calls_reused for run in runs.values()) + sum(cell.judgements.reused for cell in cells)
    return made, reused
