"""The model a dataflow gets from the workbench: the process's call pool, seen from one run."""

from collections.abc import Callable, Sequence

from dataflows.model import Model
from workbench.engine.calls import CallPool
from workbench.engine.flights import CallEvent
from workbench.engine.lanes import Lane
from workbench.engine.stopping import Stop
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
    """

    def __init__(
        self,
        pool: CallPool,
        endpoint: Endpoint,
        make_request: RequestMaker,
        lane: Lane,
        stop: Stop,
        since: float = 0.0,
    ) -> None:
        self._pool, self._endpoint, self._make_request = pool, endpoint, make_request
        self._lane, self._stop, self._since = lane, stop, since

    def complete(self, prompts: Sequence[str], *, max_tokens: int | None = None) -> list[str]:
        """One answer per prompt, in the same order.

        Raises:
            CallsFailed: Some calls failed; the others are finished and kept.
            StopError: The run was stopped.
        """
        requests = [self._make_request(prompt, max_tokens) for prompt in prompts]
        calls = self._lane.add_calls(requests)

        def watch(event: CallEvent) -> None:
            self._lane.note(calls[event.index], event)

        answers = self._pool.answer_all(
            self._endpoint, requests, caller=self._lane, stop=self._stop, watch=watch, since=self._since
        )
        return [answer.text for answer in answers]
