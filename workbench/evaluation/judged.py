"""What the figures of a matrix allow to say: intervals of pass rates, and verdicts against the baseline."""

from collections.abc import Mapping, Sequence

from workbench.evaluation.matrix import Matrix
from workbench.evaluation.rows import Row
from workbench.evaluation.sums import Tally
from workbench.statistics.intervals import wilson
from workbench.statistics.verdict import Verdict
from workbench.statistics.verdicts import verdicts_on


def rate_interval(tally: Tally) -> tuple[float, float]:
    """Where the true pass rate lies, at 95 %, were the cases drawn independently. Source: Wilson 1927."""
    return wilson(tally.passed, tally.over)


def unit_of(matrix: Matrix) -> str:
    """What counts once in a verdict: "document", as cases of one document are alike; "case" where all have the same."""
    return "document" if len({case.document for case in matrix.dataset.cases}) > 1 else "case"


def verdicts_against_baseline(matrix: Matrix, rows: Sequence[Row]) -> tuple[Verdict, ...]:
    """On each column against the baseline by the share of runs that passed, over all and for each tag.

    Empty without a baseline. A document that several cases share is judged by all of them together.
    """
    if not matrix.baseline:
        return ()
    unit = unit_of(matrix)
    scores: dict[str, dict[str, list[float]]] = {column.label: {} for column in matrix.columns}
    tags: dict[str, set[str]] = {}
    for row in rows:
        name = row.case.document if unit == "document" else row.case.name
        tags.setdefault(name, set()).update(row.case.tags)
        for label, entry in row.entries.items():
            known = [float(cell.passed) for cell in entry.cells if cell.passed is not None]
            scores[label].setdefault(name, []).extend(known)
    baseline = scores.pop(matrix.baseline)
    return verdicts_on(baseline, scores, tags)


def overall(verdicts: Sequence[Verdict]) -> Mapping[str, Verdict]:
    """Label -> the verdict over all documents."""
    return {own.subject: own for own in verdicts if not own.slice}
