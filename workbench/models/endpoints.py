"""Where model calls go."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from workbench.records import Answer, CallRequest

OnText = Callable[[str], None]
OnWait = Callable[[str, float], None]


class Endpoint(ABC):
    """Answers calls. All methods belong to one event loop."""

    origin: str
    """"local", or the base URL without user info and query."""
    in_flight: int = 64
    """How many calls at a time it has a use for."""

    @abstractmethod
    async def ask(self, request: CallRequest, on_text: OnText, on_wait: OnWait) -> Answer:
        """The answer to one request. Cancelling the task closes the connection at once, so the endpoint stops too.

        Args:
            request: Lone surrogates in its messages are sent as U+FFFD.
            on_text: Gets each new piece of the answer.
            on_wait: Told why and for how many seconds nothing happens before the call is made again; all text given
                to on_text so far is void then. Text given before an error is void too.

        Raises:
            ModelError: No usable answer came, even after the retries.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close the connections."""
