"""An endpoint that speaks OpenAI's chat completions; cheap to make, as its client is loaded with the first call."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.models.addresses import origin_of
from workbench.models.endpoints import Endpoint, OnQuota, OnText
from workbench.models.retries import Patience
from workbench.records import Answer, CallRequest

if TYPE_CHECKING:
    from workbench.models.chat_client import ChatClient


class OpenAIEndpoint(Endpoint):
    """An endpoint at a base URL.

    Args:
        base_url: http or https.
        key: Empty where the endpoint needs none.
        name: What messages call it, at the start of a sentence; by default "The endpoint" and its origin.
        patience: How often whoever asks should ask again.
        silence_seconds: The longest time between two bytes.
        headers: Sent in the place of what the key would send.
        query: Added to each address.

    Raises:
        UsageError: The base URL is not allowed.
    """

    def __init__(
        self,
        base_url: str,
        key: str = "",
        *,
        name: str = "",
        patience: Patience = Patience(),  # noqa: B008 it is frozen
        silence_seconds: float = 60.0,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> None:
        self.origin = origin_of(base_url)
        self.patience = patience
        self._settings = (base_url, key, name or f"The endpoint {self.origin}", silence_seconds, headers, query)
        self._client: asyncio.Future[ChatClient] | None = None

    async def ready(self) -> None:
        """Load the client, see Endpoint.ready."""
        await self._loaded()

    async def ask(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:
        """The answer, see Endpoint.ask."""
        outcome = await (await self._loaded()).answer(request, on_text, on_quota)
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    async def close(self) -> None:
        """Close the connections."""
        if self._client and self._client.done() and not self._client.cancelled():
            await self._client.result().close()

    async def _loaded(self) -> "ChatClient":
        if self._client is None:
            self._client = asyncio.ensure_future(asyncio.to_thread(self._load))
        # Shielded, as others wait for the same client.
        return await asyncio.shield(self._client)

    def _load(self) -> "ChatClient":
        """Not on the event loop: for half a second no other call would get on."""
        from workbench.models.chat_client import ChatClient

        return ChatClient(*self._settings)
