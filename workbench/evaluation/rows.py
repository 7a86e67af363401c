"""The matrix as rows: a case with what came of it in each column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from workbench.datasets.nouns import Case
from workbench.evaluation.cells import Cell
from workbench.evaluation.matrix import Matrix


@dataclass(frozen=True)
class Entry:
    """One case in one column, over its repetitions."""

    cells: tuple[Cell, ...]
    passed: bool | None
    """Whether every repetition passed; None while that isn't known."""
    score: float | None
    """The mean over the repetitions that are known."""

    @property
    def is_mixed(self) -> bool:
        """Whether some repetitions passed and others didn't."""
        return {True, False} <= {cell.passed for cell in self.cells}


@dataclass(frozen=True)
class Row:
    """One case in all columns."""

    position: int
    """Of the case in its dataset, from 0."""
    case: Case
    entries: Mapping[str, Entry]
    """By the label of the column."""
    drop: float | None
    """How much lower than the baseline's the lowest score is; negative: all are higher. None: nothing to compare."""
    regressed: tuple[str, ...]
    """Columns that fail where the baseline passes."""
    gained: tuple[str, ...]
    """Columns that pass where the baseline fails."""

    @property
    def lowest(self) -> float | None:
        """The lowest score of any column."""
        return min((own.score for own in self.entries.values() if own.score is not None), default=None)


def rows_of(matrix: Matrix, cells: Sequence[Cell]) -> list[Row]:
    """A row for each case, in the order of the dataset.

    Args:
        matrix: Whose cells they are.
        cells: All of them, in any order.
    """
    labels = [column.label for column in matrix.columns]
    found: list[dict[str, list[Cell]]] = [{label: [] for label in labels} for _ in matrix.dataset.cases]
    for cell in cells:
        found[cell.key[0]][cell.key[1]].append(cell)
    return [_row(matrix, position, own) for position, own in enumerate(found)]


def _row(matrix: Matrix, position: int, found: Mapping[str, list[Cell]]) -> Row:
    entries = {label: _entry(cells) for label, cells in found.items()}
    base = entries.get(matrix.baseline)
    others = {label: own for label, own in entries.items() if label != matrix.baseline}
    scores = [own.score for own in others.values() if own.score is not None]
    drop = base.score - min(scores) if base and base.score is not None and scores else None
    regressed = tuple(label for label, own in others.items() if base and base.passed and own.passed is False)
    gained = tuple(label for label, own in others.items() if base and base.passed is False and own.passed)
    return Row(position, matrix.dataset.cases[position], entries, drop, regressed, gained)


def _entry(cells: Sequence[Cell]) -> Entry:
    ordered = tuple(sorted(cells, key=lambda cell: cell.key[2]))
    outcomes = {cell.passed for cell in ordered}
    scores = [cell.score for cell in ordered if cell.score is not None]
    passed = False if False in outcomes else None if None in outcomes or not outcomes else True
    return Entry(ordered, passed, fmean(scores) if scores else None)
