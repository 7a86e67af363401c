"""The joint test: what each of two prompts does by itself, and what they do to each other."""

from collections.abc import Sequence

from workbench.engine.grid import BETWEEN
from workbench.evaluation.judged import unit_of
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.rows import Row
from workbench.statistics.factorial import JointTest, joint_test
from workbench.statistics.joint_wording import joint_sentence

Combination = tuple[str, str]


def joint_of(matrix: Matrix, rows: Sequence[Row]) -> JointTest | None:
    """Of a matrix whose columns are all combinations of two prompts' versions, with one model; None for others.

    The baseline's versions come first: the matrix's, else those of the first combination. A score is the share of
    what a case's assertions weigh; a document counts once.
    """
    columns = _combinations(matrix)
    if not columns:
        return None
    unit = unit_of(matrix)
    cells: dict[Combination, dict[str, list[float]]] = {own: {} for own in columns}
    for row in rows:
        name = row.case.document if unit == "document" else row.case.name
        for combination, label in columns.items():
            known = [cell.score for cell in row.entries[label].cells if cell.score is not None]
            if known:
                cells[combination].setdefault(name, []).extend(known)
    return joint_test(cells)


def joint_sentences(test: JointTest | None) -> tuple[str, ...]:
    """A sentence for each pair of new versions, with its figures; none without a joint test."""
    return tuple(joint_sentence(own, "the first prompt", "the second prompt") for own in test.joints) if test else ()


def _combinations(matrix: Matrix) -> dict[Combination, str]:
    """Combination -> label of its column, the baseline's versions first; empty where they make no whole grid of two."""
    if len(matrix.bases) > 1:
        return {}
    found: dict[Combination, str] = {}
    for column in matrix.columns:
        parts = column.label.split(BETWEEN)
        if len(parts) == 2:
            found[parts[0], parts[1]] = column.label
    first, second = (list(dict.fromkeys(own[place] for own in found)) for place in (0, 1))
    if len(first) < 2 or len(second) < 2 or len(found) != len(first) * len(second):
        return {}
    base = next((own for own, label in found.items() if label == matrix.baseline), next(iter(found)))
    first.sort(key=lambda label: label != base[0])
    second.sort(key=lambda label: label != base[1])
    return {(one, two): found[one, two] for one in first for two in second}
