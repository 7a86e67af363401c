"""A run as a cell: the assertions of its case on the output, with what the run took."""

import logging
from collections.abc import Iterator, Mapping

from workbench.assertions.checking import Judge, check
from workbench.assertions.nouns import Facts, Verdict
from workbench.datasets.nouns import Case
from workbench.errors import BudgetError, StopError, WorkbenchError
from workbench.evaluation.cells import Cell, CellKey, Judgements
from workbench.evaluation.gathering import Row
from workbench.evaluation.judging import ModelJudge
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.selecting import Rivals
from workbench.records import Run


def judged_cell(key: CellKey, run: Run, case: Case, judge: ModelJudge | None, rivals: Rivals | None = None) -> Cell:
    """The cell of a run that has ended; blocks while a judge model is asked.

    Args:
        key: Of the cell.
        run: Its status is the cell's, unless judging is stopped.
        case: Whose assertions are checked.
        judge: Of the evaluation, if it has one.
        rivals: The answers of all variants, where the case has them compared.
    """
    if run.status != "done":
        return Cell(key, run.status, run, fault=f"{run.error[1]} {run.hint}".strip() if run.error else "")
    asked = judge.for_cell(key, rivals) if judge else None
    try:
        verdict = verdict_on(run, case, asked)
    except (StopError, BudgetError) as error:
        return Cell(key, "stopped", run, fault=said(error))
    except Exception as error:
        logging.getLogger(__name__).exception("a cell could not be judged")
        return Cell(key, "failed", run, fault=f"Judging it ended with a fault: {type(error).__name__}.")
    return Cell(key, "done", run, verdict, asked.judgements if asked else Judgements())


def judged_row(row: Row, labels: tuple[str, ...], case: Case, judge: ModelJudge | None) -> Iterator[Cell]:
    """The cells of a row's answers, one after the other; blocks while models are asked.

    Args:
        row: All of whose variants have ended.
        labels: Of all columns.
        case: The row's.
        judge: Of the evaluation, if it has one.
    """
    rivals = row.rivals(labels)
    for key, run in row.runs.items():
        if row.is_stopped:
            yield Cell(key, "stopped", run, fault="The evaluation was stopped before all variants had answered.")
        else:
            yield judged_cell(key, run, case, judge, rivals)


def unread_cells(matrix: Matrix) -> Mapping[CellKey, Cell]:
    """The cells of cases whose document gave no text: failed, with the reason."""
    cases, cells = matrix.dataset.cases, {}
    for key in matrix.cell_keys() if matrix.unread else ():
        if unread := matrix.unread.get(cases[key[0]].document):
            cells[key] = Cell(key, "failed", fault=said(unread[1]))
    return cells


def said(error: WorkbenchError) -> str:
    """The error in one line."""
    return f"{error.message} {error.hint}".strip()


def verdict_on(run: Run, case: Case, judge: Judge | None) -> Verdict:
    """What the case's assertions say of the run's output.

    Args:
        run: Which is done.
        case: Whose assertions are checked; its inputs stand for {{name}}.
        judge: Answers what needs a model; None: that can't be told.

    Raises:
        WorkbenchError: What the judge raises when it is stopped.
    """
    return check(run.output, case.assertions, facts_of(run), case.inputs, case.threshold, judge)


def facts_of(run: Run) -> Facts:
    """What its calls took, one after the other, whether they were made now or are kept: a resumed evaluation says
    the same as one that ran through."""
    answers = [call.answer for call in run.calls if call.answer]
    costs = [answer.cost_usd for answer in answers]
    cost = None if None in costs else sum((own for own in costs if own is not None), 0.0)
    last = {answer.finish_reason for answer in answers if answer.text == run.output}
    reasons = last or {answer.finish_reason for answer in answers}
    reason = reasons.pop() if len(reasons) == 1 else None
    return Facts(sum(answer.seconds for answer in answers), cost, reason)
