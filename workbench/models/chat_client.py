"""One attempt at a model call, through the openai package's client.

Both take half a second to load, so that only an endpoint that is asked imports this.
"""

import ssl
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import httpx2
import openai

from dataflows.tokens import count_tokens
from workbench.errors import ModelError
from workbench.models.addresses import is_loopback, secrets_in
from workbench.models.answer_stream import ErrorEvent, read_answer, without_surrogates
from workbench.models.call_failures import FailureTeller
from workbench.models.embedding_exchange import embedding_of
from workbench.models.embeddings import is_embedding
from workbench.models.endpoints import OnQuota, OnText
from workbench.models.retries import quota_in
from workbench.records import Answer, CallRequest

_CONNECT_SECONDS = 10.0
_PLACEHOLDER_KEY = "no-key"


class ChatClient:
    """Redirects are not followed: they would carry the prompt to an address nobody chose.

    Args:
        base_url: http or https.
        key: Empty where the endpoint needs none; "no-key" is sent then, as the client insists on one.
        name: What messages call the endpoint, at the start of a sentence.
        silence_seconds: The longest time between two bytes.
        headers: Sent with every call; they win over what the key would send.
        query: Sent with every call.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        name: str,
        silence_seconds: float,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> None:
        # A proxy of the environment can't reach this machine's own loopback.
        by_environment = not is_loopback(base_url)
        self._client = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=key or _PLACEHOLDER_KEY,
            default_headers=headers,
            default_query=query,
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False,
                timeout=openai.Timeout(silence_seconds, connect=_CONNECT_SECONDS, pool=None),
                trust_env=by_environment,
                verify=_trusted(by_environment),
            ),
        )
        secrets = [key, *secrets_in(base_url), *_secrets_of(headers or {}), *(query or {}).values()]
        self._failures = FailureTeller(name, secrets, _CONNECT_SECONDS, silence_seconds)

    async def answer(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer | ModelError:
        """The answer, or why there is none.

        A failure is given back and not raised: raised here, it would drag along the client's error, whose request holds
        the key.
        """
        try:
            if is_embedding(request):
                return await embedding_of(self._client, request, on_quota)
            return await self._answer(request, on_text, on_quota)
        except openai.APIStatusError as error:
            if quota := quota_in(error.response.headers):
                on_quota(quota)
            return self._failures.of(error)
        except (openai.OpenAIError, httpx2.HTTPError, ModelError, ErrorEvent) as error:
            return self._failures.of(error)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _answer(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:
        started = time.monotonic()
        # All goes as extra_body: the client would copy the messages field by field, which takes a sixth of a call's
        # CPU, and it refuses parameters it doesn't know, which compatible endpoints have.
        sending = self._client.chat.completions.with_streaming_response.create(
            model=request.model, messages=[], stream=True, extra_body=_body(request)
        )
        async with sending as response:
            if quota := quota_in(response.headers):
                on_quota(quota)
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


@lru_cache
def _trusted(by_environment: bool) -> ssl.SSLContext:
    """What TLS certificates are checked with, as a client has it by itself; it takes 50 ms to make."""
    return httpx2.create_ssl_context(trust_env=by_environment)


def _body(request: CallRequest) -> dict[str, Any]:
    parameters = dict(request.parameters)
    beside = parameters.pop("extra_body", {})
    parameters.pop("query", None)  # tells requests to different addresses apart; the client has the query itself
    # Messages that are more than a role and a text stand among the parameters as they were asked.
    messages = parameters.pop("messages", None) or [
        {"role": role, "content": without_surrogates(content)} for role, content in request.messages
    ]
    return {**parameters, **beside, "messages": messages, "stream_options": {"include_usage": True}}


def _secrets_of(headers: Mapping[str, str]) -> list[str]:
    found = [value for name, value in headers.items() if name.lower() in ("authorization", "api-key")]
    return [value.removeprefix("Bearer ") for value in found]
