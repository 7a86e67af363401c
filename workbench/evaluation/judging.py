"""Models that judge answers, through the same pool and store as every other call."""

from collections.abc import Sequence
from functools import partial

from workbench.assertions.findings import Finding, Question, unknown
from workbench.assertions.texts import is_blank
from workbench.assertions.values import expected_texts
from workbench.assertions.vocabulary import COMPARED, EMBEDDED
from workbench.engine.flight import CallEvent
from workbench.engine.spending import Spending
from workbench.engine.stopping import Stop
from workbench.errors import BudgetError, CallsFailed
from workbench.evaluation.cells import CellKey, Judgements
from workbench.evaluation.rubric import finding_in, judge_prompt
from workbench.evaluation.selecting import Rivals, Selection, selection_finding, selection_in, selection_prompt
from workbench.evaluation.similar import similarity_finding
from workbench.evaluation.surroundings import Surroundings
from workbench.models.catalog import call_request
from workbench.models.embeddings import embedding_request, vector_in
from workbench.models.redaction import redact
from workbench.records import Answer, CallRequest, Experiment, ModelChoice

_LONGEST_OUTPUT = 200_000


class ModelJudge:
    """Asks the judge and the embedding model of an evaluation.

    Args:
        around: Which models, and where.
        stop: Ends the wait.
        spending: The evaluation's budget.
        base: Of its experiments; where it is fresh, what was answered before its start is not used.
    """

    def __init__(self, around: Surroundings, stop: Stop, spending: Spending, base: Experiment) -> None:
        self.judge, self.embedding = around.judge, around.embedding
        self._around, self._stop, self._spending = around, stop, spending
        self._since = base.started_at if base.fresh else 0.0

    def for_cell(self, key: CellKey, rivals: Rivals | None = None) -> "CellJudge":
        """The judge for one cell, which counts what is asked for it.

        Args:
            key: Of the cell.
            rivals: The answers of all variants, where they are compared.
        """
        return CellJudge(self, key, rivals)

    def answers(
        self, model: ModelChoice, requests: Sequence[CallRequest], caller: CellKey, events: list[CallEvent]
    ) -> list[Answer]:
        """The answers to requests, in their order; each step is added to the events.

        Raises:
            CallsFailed: There are none.
            BudgetError: The budget doesn't allow a call.
            StopError: The stop came first.
        """
        try:
            return self._around.pool.answer_all(
                self._around.endpoint_of(model),
                requests,
                caller=caller,
                stop=self._stop,
                watch=events.append,
                since=self._since,
                budget=self._spending,
            )
        except CallsFailed as failed:
            refusals = [own for own in failed.failures.values() if isinstance(own, BudgetError)]
            if refusals:
                raise refusals[0] from None
            raise


class CellJudge:
    """Judges for one cell; a Judge as check() takes it."""

    def __init__(self, judge: ModelJudge, key: CellKey, rivals: Rivals | None) -> None:
        self._judge, self._key, self._rivals = judge, key, rivals
        self.judgements = Judgements()

    def __call__(self, question: Question) -> Finding:
        """What the models find; a reply that can't be read, or none, can't be told.

        Raises:
            BudgetError: The budget doesn't allow the call.
            StopError: The evaluation was stopped.
        """
        if len(question.output) > _LONGEST_OUTPUT:
            return unknown(f"the output has {len(question.output):,} characters; {_LONGEST_OUTPUT:,} can be judged")
        if question.kind in EMBEDDED:
            return self._similarity(question)
        model = self._judge.judge
        if model is None:
            return unknown("there is no judge model")
        if question.kind == COMPARED:
            if self._rivals is None:
                return unknown("there is no other variant's answer")
            return selection_finding(self._key[1], question.value, self._rivals, partial(self._select, model))
        try:
            reply = self._reply(model, judge_prompt(question.value, question.output))
        except CallsFailed as failed:
            return unknown(_unanswered("judge", failed))
        return finding_in(reply, question.threshold)

    def _similarity(self, question: Question) -> Finding:
        model, texts = self._judge.embedding, expected_texts(question.value)
        if model is None:
            return unknown("there is no embedding model")
        if is_blank(question.output):
            return unknown("the output is empty, which has no embedding")
        try:
            requests = [embedding_request(model, text) for text in (question.output, *texts)]
            output, *expected = [vector_in(answer) for answer in self._ask(model, requests)]
        except CallsFailed as failed:
            return unknown(_unanswered("embedding model", failed))
        return similarity_finding(question.kind, question.threshold, output, list(zip(texts, expected, strict=True)))

    def _select(self, model: ModelChoice, criterion: str, texts: Sequence[str]) -> Selection:
        try:
            reply = self._reply(model, selection_prompt(criterion, texts))
        except CallsFailed as failed:
            return Selection(None, _unanswered("judge", failed))
        return selection_in(reply, texts)

    def _reply(self, model: ModelChoice, prompt: str) -> str:
        (answer,) = self._ask(model, [call_request(model, prompt)])
        return answer.text

    def _ask(self, model: ModelChoice, requests: Sequence[CallRequest]) -> list[Answer]:
        events: list[CallEvent] = []
        try:
            return self._judge.answers(model, requests, self._key, events)
        finally:
            self.judgements = self.judgements.plus(_judgements(events))


def _judgements(events: Sequence[CallEvent]) -> Judgements:
    made = [event.answer for event in events if event.kind == "done" and event.answer]
    costs = [answer.cost_usd for answer in made]
    cost = None if None in costs else sum((own for own in costs if own is not None), 0.0)
    return Judgements(len(made), sum(event.kind == "reused" for event in events), cost)


def _unanswered(who: str, failed: CallsFailed) -> str:
    return f"the {who} gave no answer: {redact(failed.message).rstrip('.')}"
