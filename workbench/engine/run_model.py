"""A run's calls made for real: by the process's call pool."""

from collections.abc import Callable, Mapping, Sequence

from workbench.engine.calls import CallPool
from workbench.engine.flight import CallEvent
from workbench.engine.lanes import Lane, LiveCall
from workbench.engine.requests import Requests
from workbench.engine.run_calls import RunCalls
from workbench.engine.spending import Spending
from workbench.engine.stopping import Stop
from workbench.errors import BudgetError, CallsFailed, WorkbenchError
from workbench.interception.asked import AskedCall
from workbench.models.endpoints import Endpoint
from workbench.records import Answer, CallRequest

EndpointFor = Callable[[AskedCall | None], Endpoint]
"""Where a call goes: one of a client, or one of the dataflow's model (None)."""


class RunModel(RunCalls):
    """Answers through the pool.

    Args:
        lane: The run.
        requests: Turns what is asked into requests.
        pool: The process's calls.
        endpoint_for: Where to ask.
        stop: Ends the run.
        since: Kept answers older than this are not used (seconds since the epoch).
        spending: Of the experiment; it refuses calls beyond the budget.
        refused: Request key -> the failure of a call that is not to be made again.
    """

    def __init__(
        self,
        lane: Lane,
        requests: Requests,
        pool: CallPool,
        endpoint_for: EndpointFor,
        stop: Stop,
        *,
        since: float = 0.0,
        spending: Spending | None = None,
        refused: Mapping[str, WorkbenchError] | None = None,
    ) -> None:
        super().__init__(lane, requests)
        self._pool, self._endpoint_for, self._stop, self._since = pool, endpoint_for, stop, since
        self._spending, self._refused = spending, refused or {}

    def _answers(
        self, requests: Sequence[CallRequest], calls: Sequence[LiveCall], asked: AskedCall | None
    ) -> list[Answer]:
        """Through the pool.

        Raises:
            CallsFailed: Some calls failed; the others are finished and kept.
            BudgetError: Some calls would have crossed the budget, and no other failed.
            StopError: The run was stopped.
        """

        def watch(event: CallEvent) -> None:
            self._lane.note(calls[event.index], event)

        try:
            return self._pool.answer_all(
                self._endpoint_for(asked),
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
                f"{beyond[0].message} {len(beyond)} of {len(requests)} calls were not made.", beyond[0].hint
            ) from None
