"""The model a dataflow gets from the workbench: the process's call pool, seen from one run."""

from collections.abc import Callable, Mapping, Sequence

from dataflows.model import Model
from workbench.engine.calls import CallPool
from workbench.engine.flight import CallEvent
from workbench.engine.lanes import Lane
from workbench.engine.spending import Spending
from workbench.engine.stopping import Stop
from workbench.errors import BudgetError, CallsFailed, WorkbenchError
from workbench.models.endpoints import Endpoint
from workbench.records import CallRequest

RequestMaker = Callable[[str, int | None], CallRequest]
"""(prompt, max_tokens) -> what is sent."""


class RunModel(Model):
    """Answers through the pool and notes every call in the run's lane.

    Args:
        pool: The process's calls.
        endpoint: Where to ask.
        make_request: Turns a prompt into a request.
        lane: The run.
        stop: Ends the run.
        since: Kept answers older than this are not used (seconds since the epoch).
        spending: Of the experiment; it refuses calls beyond the budget.
        refused: Request key -> the failure of a call that is not to be made again.
    """

    def __init__(
        self,
        pool: CallPool,
        endpoint: Endpoint,
        make_request: RequestMaker,
        lane: Lane,
        stop: Stop,
        *,
        since: float = 0.0,
        spending: Spending | None = None,
        refused: Mapping[str, WorkbenchError] | None = None,
    ) -> None:
        self._pool, self._endpoint, self._make_request = pool, endpoint, make_request
        self._lane, self._stop, self._since = lane, stop, since
        self._spending, self._refused = spending, refused or {}

    def complete(self, prompts: Sequence[str], *, max_tokens: int | None = None) -> list[str]:
        """One answer per prompt, in the same order.

        Raises:
            CallsFailed: Some calls failed; the others are finished and kept.
            BudgetError: Some calls would have crossed the budget, and no other failed.
            StopError: The run was stopped.
        """
        requests = [self._make_request(prompt, max_tokens) for prompt in prompts]
        calls = self._lane.add_calls(requests)

        def watch(event: CallEvent) -> None:
            self._lane.note(calls[event.index], event)

        try:
            answers = self._pool.answer_all(
                self._endpoint,
                requests,
                caller=self._lane,
                stop=self._stop,
                watch=watch,
                since=self._since,
                budget=self._spending,
                refused=self._refused,
            )
        except CallsFailed as failed:
            beyond = [error for error in failed.failures.values() if isinstance(error, BudgetError)]
            if len(beyond) < len(failed.failures):
                raise
            raise BudgetError(
                f"{beyond[0].message} {len(beyond)} of {len(prompts)} calls were not made.", beyond[0].hint
            ) from None
        return [answer.text for answer in answers]
