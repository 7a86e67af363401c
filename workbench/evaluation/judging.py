"""A model that judges answers by a criterion, through the same pool and store as every other call."""

from collections.abc import Hashable

from workbench.assertions.findings import Finding, Question, unknown
from workbench.engine.flight import CallEvent
from workbench.engine.spending import Spending
from workbench.engine.stopping import Stop
from workbench.errors import BudgetError, CallsFailed
from workbench.evaluation.cells import Judgements
from workbench.evaluation.rubric import finding_in, judge_prompt
from workbench.evaluation.surroundings import Surroundings
from workbench.models.catalog import call_request
from workbench.models.redaction import redact
from workbench.records import Experiment

_LONGEST_OUTPUT = 200_000


class ModelJudge:
    """Asks the judge model of an evaluation.

    Args:
        around: Who judges, and where.
        stop: Ends the wait.
        spending: The evaluation's budget.
        base: Of its experiments; where it is fresh, judgements made before its start are not used.
    """

    def __init__(self, around: Surroundings, stop: Stop, spending: Spending, base: Experiment) -> None:
        self._model = around.judge or base.model
        self._pool, self._endpoint = around.pool, around.endpoint_of(self._model)
        self._stop, self._spending = stop, spending
        self._since = base.started_at if base.fresh else 0.0

    def for_cell(self, caller: Hashable) -> "CellJudge":
        """The judge for one cell, which counts what is asked for it."""
        return CellJudge(self, caller)

    def answer(self, prompt: str, caller: Hashable) -> tuple[str, Judgements]:
        """The reply to a prompt, and what it took.

        Raises:
            CallsFailed: There is none.
            BudgetError: The budget doesn't allow the call.
            StopError: The stop came first.
        """
        events: list[CallEvent] = []
        try:
            (answer,) = self._pool.answer_all(
                self._endpoint,
                [call_request(self._model, prompt)],
                caller=caller,
                stop=self._stop,
                watch=events.append,
                since=self._since,
                budget=self._spending,
            )
        except CallsFailed as failed:
            if isinstance(failed.failures[0], BudgetError):
                raise failed.failures[0] from None
            raise
        paid = any(event.kind == "done" for event in events)
        return answer.text, Judgements(int(paid), int(not paid), answer.cost_usd if paid else 0.0)


class CellJudge:
    """Judges for one cell; a Judge as check() takes it."""

    def __init__(self, judge: ModelJudge, caller: Hashable) -> None:
        self._judge, self._caller = judge, caller
        self.judgements = Judgements()

    def __call__(self, question: Question) -> Finding:
        """What the judge finds; a reply that can't be read, or none, can't be told.

        Raises:
            BudgetError: The budget doesn't allow the call.
            StopError: The evaluation was stopped.
        """
        if len(question.output) > _LONGEST_OUTPUT:
            return unknown(f"the output has {len(question.output):,} characters; {_LONGEST_OUTPUT:,} can be judged")
        try:
            reply, took = self._judge.answer(judge_prompt(question.value, question.output), self._caller)
        except CallsFailed as failed:
            return unknown(f"the judge gave no answer: {redact(failed.message).rstrip('.')}")
        before = self.judgements
        costs = (before.cost_usd, took.cost_usd)
        cost = None if None in costs else sum(own for own in costs if own is not None)
        self.judgements = Judgements(before.made + took.made, before.reused + took.reused, cost)
        return finding_in(reply, question.threshold)
