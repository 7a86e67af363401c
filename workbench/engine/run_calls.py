"""The model calls of one run, from whichever side they come: the dataflow's model, or clients of its own."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from dataflows.model import Model
from workbench.engine.lanes import Lane, LiveCall
from workbench.engine.requests import Requests
from workbench.errors import CallsFailed
from workbench.interception.asked import AskedCall
from workbench.interception.handler import CallHandler
from workbench.interception.scope import current_node, current_order
from workbench.records import Answer, CallRequest

# They only wait; a call of an async client must not hold up the loop that it was awaited on.
_waiting = ThreadPoolExecutor(64, thread_name_prefix="awaited-calls")


class RunCalls(Model, CallHandler):
    """Notes every call in the run's lane and has it answered.

    Args:
        lane: The run.
        requests: Turns what is asked into requests.
    """

    def __init__(self, lane: Lane, requests: Requests) -> None:
        self._lane, self._requests = lane, requests

    def complete(self, prompts: Sequence[str], *, max_tokens: int | None = None) -> list[str]:
        """One answer per prompt, in the same order.

        Raises:
            CallsFailed: Some calls failed; the others are finished and kept.
            StopError: The run was stopped.
        """
        requests = [self._requests.of_prompt(prompt, max_tokens) for prompt in prompts]
        return [answer.text for answer in self._answers(requests, self._add(requests), None)]

    def answer(self, asked: AskedCall) -> Answer:
        """The answer to one call of a client.

        Raises:
            WorkbenchError: It failed.
            StopError: The run was stopped.
        """
        request = self._requests.of_call(asked)
        try:
            return self._answers([request], self._add([request]), asked)[0]
        except CallsFailed as failed:
            raise failed.failures[0] from None

    async def answer_async(self, asked: AskedCall) -> Answer:
        """The same, awaited."""
        request = self._requests.of_call(asked)
        calls = self._add([request])
        waiting = asyncio.get_running_loop().run_in_executor(_waiting, self._answers, [request], calls, asked)
        try:
            return (await waiting)[0]
        except CallsFailed as failed:
            raise failed.failures[0] from None

    def passes(self, url: str) -> None:  # noqa: ARG002 one more, wherever it goes
        """A request of a client goes to the network as it is."""
        self._lane.passed_on += 1

    def _add(self, requests: Sequence[CallRequest]) -> list[LiveCall]:
        return self._lane.add_calls(requests, current_node(), current_order())

    @abstractmethod
    def _answers(
        self, requests: Sequence[CallRequest], calls: Sequence[LiveCall], asked: AskedCall | None
    ) -> list[Answer]:
        """The answers to requests of one node, in their order.

        Args:
            requests: What is asked.
            calls: Theirs, in the lane.
            asked: The call, where a client made it.
        """
