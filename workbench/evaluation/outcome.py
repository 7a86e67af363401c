"""An evaluation as it ended, with all that reports say of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.evaluation.cells import Cell
from workbench.evaluation.joint import joint_of, joint_sentences
from workbench.evaluation.judged import overall, verdicts_against_baseline
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.policy import FailOn, failures
from workbench.evaluation.rows import Row, rows_of
from workbench.evaluation.sums import Tally, by_column, paid_usd
from workbench.statistics.verdict import Verdict


@dataclass(frozen=True)
class Outcome:
    """What came of an evaluation."""

    matrix: Matrix
    rows: list[Row]
    tallies: Mapping[str, Tally]
    """By the label of the column."""
    verdicts: tuple[Verdict, ...]
    """Against the baseline, over all and for each tag; none without one."""
    joint: tuple[str, ...]
    """Of a grid of two prompts: what their new versions do together; see joint_of."""
    policy: FailOn
    failures: list[str]
    """Why it fails by the policy; empty when it doesn't."""
    seconds: float
    paid_usd: float | None
    """For the calls that this evaluation made; None when a price is unknown."""

    @property
    def overall(self) -> Mapping[str, Verdict]:
        """Label -> the verdict over all documents."""
        return overall(self.verdicts)


def outcome_of(matrix: Matrix, cells: list[Cell], policy: FailOn, seconds: float) -> Outcome:
    """Sum up the cells.

    Args:
        matrix: What was evaluated.
        cells: All of its cells, ended or not.
        policy: When it fails.
        seconds: How long it took.
    """
    rows = rows_of(matrix, cells)
    verdicts = verdicts_against_baseline(matrix, rows)
    tallies = by_column(rows)
    runs = list({id(cell.run): cell.run for cell in cells if cell.run}.values())
    failed = failures(matrix, rows, overall(verdicts), policy)
    joint = joint_sentences(joint_of(matrix, rows))
    return Outcome(matrix, rows, tallies, verdicts, joint, policy, failed, seconds, paid_usd(runs, tallies))
