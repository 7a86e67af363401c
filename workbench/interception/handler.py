"""Who answers the calls of a run."""

from abc import ABC, abstractmethod

from workbench.interception.asked import AskedCall
from workbench.records import Answer


class CallHandler(ABC):
    """Answers calls in the place of the network; called from whatever thread makes them, outside of the run."""

    @abstractmethod
    def answer(self, asked: AskedCall) -> Answer:
        """The answer.

        Raises:
            StopError, BudgetError, NotKeptError: The run is over; the code that called is not asked whether it agrees.
            WorkbenchError: It failed; the client raises what it would have raised for a server's refusal.
        """

    @abstractmethod
    async def answer_async(self, asked: AskedCall) -> Answer:
        """The same for a client that is awaited."""

    @abstractmethod
    def passes(self, url: str) -> None:
        """A request is about to go to the network as it is, since its answer is more than a text.

        Raises:
            WorkbenchError: It may not; the run is over.
        """
