"""Rows of a matrix as what the browser draws: how each cell stands, in a word, a sign and a colour."""

from collections.abc import Mapping
from pathlib import Path

from pages.shared.evaluate_matrix import Box, Head, Line
from workbench.assertions.nouns import Result
from workbench.evaluation.cells import Cell
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.rows import Entry, Row
from workbench.evaluation.sums import Tally

_IN_PART = 0.5
"""Of the score, from which on a case that doesn't pass has failed in part only."""


def heads_of(matrix: Matrix, tallies: Mapping[str, Tally]) -> list[Head]:
    """What stands over each column.

    Args:
        matrix: Whose columns.
        tallies: Label -> its sum so far.
    """
    return [Head(own.label, _rate(tallies[own.label]), own.label == matrix.baseline) for own in matrix.columns]


def line_of(row: Row) -> Line:
    """A row of the matrix."""
    detail = " · ".join([own for own in (Path(row.case.document).name, ", ".join(row.case.tags)) if own])
    boxes = (_box(entry, _change(row, label)) for label, entry in row.entries.items())
    return Line(row.case.name, detail, tuple(boxes))


def passed_of(cell: Cell) -> tuple[int, int]:
    """(assertions that pass, assertions there are) of a cell that is judged; those without weight only measure."""
    results = [own for own in (cell.verdict.results if cell.verdict else ()) if counts(own)]
    return sum(own.passed for own in results), len(results)


def counts(result: Result) -> bool:
    """Whether the assertion can fail its case."""
    return result.assertion.weight > 0


def _box(entry: Entry, change: str) -> Box:
    if entry.passed is None:
        return _unknown(entry)
    tone, mark = ("good", "✓") if entry.passed else ("bad", "✗")
    if not entry.passed and (entry.score or 0.0) >= _IN_PART:
        tone, mark = "part", "◐"
    return Box(tone, mark, _said(entry), change)


def _said(entry: Entry) -> str:
    total = len(entry.cells)
    if total > 1:
        return f"{sum(cell.passed is True for cell in entry.cells)} of {total} runs pass"
    cell = entry.cells[0]
    if not cell.verdict:
        return "No answer"
    passed, asked = passed_of(cell)
    return f"{passed} of {asked} pass" if asked else "Nothing asked"


def _unknown(entry: Entry) -> Box:
    statuses = [cell.status for cell in entry.cells]
    over = sum(cell.passed is not None for cell in entry.cells)
    done = f" · {over} of {len(statuses)} runs" if len(statuses) > 1 else ""
    if "running" in statuses:
        return Box("running", "…", f"Running{done}")
    if "waiting" in statuses:
        return Box("open", "·", f"Waiting{done}")
    return Box("stopped", "■", f"Stopped{done}")


def _change(row: Row, label: str) -> str:
    return "regressed" if label in row.regressed else "gained" if label in row.gained else ""


def _rate(tally: Tally) -> str:
    if tally.rate is None:
        return "nothing known yet"
    return f"{tally.passed:,} of {tally.over:,} cases pass · {tally.rate:.0%}"
