"""When an evaluation fails."""

from collections.abc import Mapping, Sequence
from typing import Literal

from workbench.evaluation.matrix import Matrix
from workbench.evaluation.rows import Row
from workbench.statistics.verdict import Verdict

FailOn = Literal["any-failure", "regression", "worse", "never"]
NEEDS_BASELINE: tuple[FailOn, ...] = ("regression", "worse")


def failures(matrix: Matrix, rows: Sequence[Row], verdicts: Mapping[str, Verdict], policy: FailOn) -> list[str]:
    """Why the evaluation fails, a sentence for each column; none when it doesn't.

    Args:
        matrix: What was evaluated.
        rows: Its rows.
        verdicts: Label -> verdict over all documents.
        policy: "any-failure": a case fails with a variant that isn't the baseline; "regression": one fails that passes
            with the baseline; "worse": the figures allow to call a variant worse; "never": nothing fails it. What was
            not finished fails it under all but the last, since nothing is known of it.
    """
    if policy == "never":
        return []
    found = []
    for column in matrix.columns:
        label = column.label
        left = [row for row in rows if row.entries[label].passed is None]
        if left:
            found.append(f"{label}: {_cases(len(left))} not finished, the first is {left[0].case.name}.")
        if label == matrix.baseline:
            continue
        if policy == "worse":
            found += [f"{label} is worse than {matrix.baseline}."] if _word(verdicts, label) == "worse" else []
            continue
        bad = [row for row in rows if _is_bad(row, label, policy)]
        if bad:
            which = f"fail where {matrix.baseline} passes" if policy == "regression" else "failed"
            which = which.replace("fail ", "fails ") if len(bad) == 1 else which
            found.append(f"{label}: {_cases(len(bad))} {which}, the first is {bad[0].case.name}.")
    return found


def _is_bad(row: Row, label: str, policy: FailOn) -> bool:
    return label in row.regressed if policy == "regression" else row.entries[label].passed is False


def _word(verdicts: Mapping[str, Verdict], label: str) -> str:
    return verdicts[label].word if label in verdicts else ""


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"
