"""One model call to an endpoint that speaks OpenAI's chat completions: tried again while that makes sense."""

import asyncio
import itertools
import time
from typing import Any

import httpx2
import openai

from dataflows.tokens import count_tokens
from workbench.errors import ModelError
from workbench.models.addresses import is_loopback, origin_of, secrets_in
from workbench.models.answer_stream import ErrorEvent, read_answer, without_surrogates
from workbench.models.call_failures import FailureTeller
from workbench.models.endpoints import Endpoint, OnText, OnWait
from workbench.models.retries import backoff_seconds
from workbench.records import Answer, CallRequest

_CONNECT_SECONDS = 10.0
_PLACEHOLDER_KEY = "no-key"


class OpenAIEndpoint(Endpoint):
    """An endpoint that speaks OpenAI's chat completions, through the openai package's client.

    Redirects are not followed: they would carry the prompt to an address nobody chose.

    Args:
        base_url: http or https.
        key: Empty where the endpoint needs none; "no-key" is sent then, as the client insists on one.
        name: What messages call it, at the start of a sentence; by default "The endpoint" and its origin.
        attempts: How often a call is made in all, at least once, while its failures look temporary.
        first_backoff: Seconds of the first wait at most; it doubles from there.
        silence_seconds: The longest time between two bytes.
        call_seconds: The longest time of a call, retries and waits included.

    Raises:
        UsageError: The base URL is not allowed.
    """

    def __init__(
        self,
        base_url: str,
        key: str = "",
        *,
        name: str = "",
        attempts: int = 5,
        first_backoff: float = 0.5,
        silence_seconds: float = 60.0,
        call_seconds: float = 600.0,
    ) -> None:
        self.origin = origin_of(base_url)
        self._client = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=key or _PLACEHOLDER_KEY,
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False,
                timeout=openai.Timeout(silence_seconds, connect=_CONNECT_SECONDS, pool=None),
                # A proxy of the environment can't reach this machine's own loopback.
                trust_env=not is_loopback(base_url),
            ),
        )
        self._failures = FailureTeller(
            name or f"The endpoint {self.origin}", [key, *secrets_in(base_url)], _CONNECT_SECONDS, silence_seconds
        )
        self._attempts = attempts
        self._first_backoff = first_backoff
        self._call_seconds = call_seconds

    async def ask(self, request: CallRequest, on_text: OnText, on_wait: OnWait) -> Answer:
        """The answer, see Endpoint.ask; its seconds are those of the attempt that gave it."""
        failure: ModelError | None = None
        try:
            async with asyncio.timeout(self._call_seconds):
                for attempt in itertools.count(1):
                    outcome = await self._attempt(request, on_text)
                    if isinstance(outcome, Answer):
                        return outcome
                    failure = outcome
                    if not failure.retryable or attempt >= self._attempts:
                        break
                    asked = failure.retry_after
                    seconds = backoff_seconds(attempt, self._first_backoff) if asked is None else asked
                    on_wait(failure.message, seconds)
                    await asyncio.sleep(seconds)
        except TimeoutError:
            before = f" The last failure: {failure.message}" if failure else ""
            message = f"No complete answer came within {self._call_seconds:g} s, which is the limit.{before}"
            failure = ModelError("timeout", message, "Run again later, or use a faster model.", retryable=True)
        raise failure or ModelError("server", "No attempt was made.")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _attempt(self, request: CallRequest, on_text: OnText) -> Answer | ModelError:
        # A failure is given back and not raised: raised here, it would drag along the client's error, whose request
        # holds the key.
        try:
            return await self._answer(request, on_text)
        except (openai.OpenAIError, httpx2.HTTPError, ModelError, ErrorEvent) as error:
            return self._failures.of(error)

    async def _answer(self, request: CallRequest, on_text: OnText) -> Answer:
        started = time.monotonic()
        # All goes as extra_body: the client would copy the messages field by field, which takes a sixth of a call's
        # CPU, and it refuses parameters it doesn't know, which compatible endpoints have.
        sending = self._client.chat.completions.with_streaming_response.create(
            model=request.model, messages=[], stream=True, extra_body=_body(request)
        )
        async with sending as response:
            content_type = response.headers.get("content-type", "")
            answer = await read_answer(response.iter_bytes(), content_type, on_text)
        text = "".join(answer.texts)
        asked = "\n".join(content for _, content in request.messages)
        input_tokens, output_tokens = answer.usage or (count_tokens(asked), count_tokens(text))
        return Answer(
            text=text,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            seconds=answer.ended_at - started,
            first_token_seconds=answer.first_text_at - started if answer.first_text_at else None,
            finish_reason=answer.finish_reason or "stop",
        )


def _body(request: CallRequest) -> dict[str, Any]:
    parameters = dict(request.parameters)
    beside = parameters.pop("extra_body", {})
    messages = [{"role": role, "content": without_surrogates(content)} for role, content in request.messages]
    return {**parameters, **beside, "messages": messages, "stream_options": {"include_usage": True}}
