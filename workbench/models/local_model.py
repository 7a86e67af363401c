"""The small model that comes along, SmolLM2-135M-Instruct, as an endpoint.

It is for trying the workbench without a key: it writes fluent English, and invents facts.
"""

import asyncio
import subprocess

from workbench.errors import ModelError
from workbench.models.endpoints import Endpoint, OnQuota, OnText
from workbench.models.local_server import LocalServer, running_server
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.models.retries import Patience
from workbench.records import Answer, CallRequest

_SILENCE_SECONDS = 300.0
"""A prompt of the longest kind takes over a minute on a busy machine before the first word."""
_DEATH_SECONDS = 1.0


class LocalEndpoint(Endpoint):
    """The small model; its server starts with the first call and is shared by all endpoints of this process.

    close() leaves the server running; local_server.stop_server() ends it, and so does the end of this process.
    """

    origin = "local"
    in_flight = 1
    patience = Patience(attempts=3, first_backoff=0.1)

    def __init__(self) -> None:
        self._clients: dict[LocalServer, OpenAIEndpoint] = {}

    async def ask(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:
        """The answer, see Endpoint.ask; when the server died during the call, the next attempt starts it again."""
        server = await asyncio.to_thread(running_server)
        try:
            return await self._client_of(server).ask(request, on_text, on_quota)
        except ModelError as error:
            if await asyncio.to_thread(_outlived, server, error):
                raise
            said = error.message
        message = f"The small model ended and has to start again: {said}"
        raise ModelError("local", message, "Run again later.", retryable=True, retry_after=0.0)

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.close()

    def _client_of(self, server: LocalServer) -> OpenAIEndpoint:
        if server not in self._clients:
            self._clients[server] = OpenAIEndpoint(
                server.base_url,
                server.key,
                name="The small model",
                silence_seconds=_SILENCE_SECONDS,
            )
        return self._clients[server]


def _outlived(server: LocalServer, error: ModelError) -> bool:
    """Whether the server still runs after a failed call."""
    if error.kind in ("cut", "unreachable"):
        # A dying process closes its connections a moment before it can be seen to be dead.
        try:
            server.process.wait(_DEATH_SECONDS)
        except subprocess.TimeoutExpired:
            return True
    return server.runs
