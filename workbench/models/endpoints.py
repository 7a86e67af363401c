"""Where model calls go."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from workbench.models.retries import Patience, Quota
from workbench.records import Answer, CallRequest

OnText = Callable[[str], None]
OnQuota = Callable[[Quota], None]


class Endpoint(ABC):
    """Answers calls. All methods belong to one event loop."""

    origin: str
    """"local", or the base URL without user info and query."""
    in_flight: int = 64
    """How many calls at a time it has a use for."""
    patience: Patience = Patience()
    """How often whoever asks should ask again."""

    async def ready(self) -> None:  # noqa: B027 most have nothing to load
        """Load what the first call needs, so that the call doesn't have to wait for it while it holds a place."""

    @abstractmethod
    async def ask(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:
        """The answer to one request, asked once. Cancelling the task closes the connection, so the endpoint stops too.

        Args:
            request: Lone surrogates in its messages are sent as U+FFFD.
            on_text: Gets each new piece of the answer; all of it is void when an error follows.
            on_quota: Told what the endpoint says of its limit, if it does.

        Raises:
            ModelError: No usable answer came; its retryable and retry_after say whether and when to ask again.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close the connections."""
