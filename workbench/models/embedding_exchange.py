"""One attempt at an embedding, through the openai package's client.

Source of the exchange's shape: https://platform.openai.com/docs/api-reference/embeddings.
"""

import time
from typing import Any

import openai

from dataflows.tokens import count_tokens
from workbench.models.answer_stream import without_surrogates
from workbench.models.embeddings import text_of_vector
from workbench.models.endpoints import OnQuota
from workbench.models.events import EventReader, malformed
from workbench.models.retries import quota_in
from workbench.records import Answer, CallRequest


async def embedding_of(client: openai.AsyncOpenAI, request: CallRequest, on_quota: OnQuota) -> Answer:
    """The vector as an answer's text.

    Raises:
        ModelError: "malformed".
        openai.OpenAIError, httpx2.HTTPError: The exchange failed.
    """
    started = time.monotonic()
    text = request.messages[0][1]
    sending = client.embeddings.with_streaming_response.create(
        model=request.model, input=[without_surrogates(text)], encoding_format="float"
    )
    async with sending as response:
        if quota := quota_in(response.headers):
            on_quota(quota)
        reader = EventReader(response.headers.get("content-type", ""))
        events = [event async for chunk in response.iter_bytes() for event in reader.feed(chunk)]
    body = [{}, *events, *reader.end()][-1]
    try:
        vector = text_of_vector(_first(body.get("data")).get("embedding"))
    except ValueError as error:
        raise malformed(f"its embedding is {error}") from None
    return Answer(vector, _tokens(body.get("usage"), text), 0, time.monotonic() - started, None)


def _first(data: Any) -> dict[str, Any]:
    first = data[0] if isinstance(data, list) and data else None
    return first if isinstance(first, dict) else {}


def _tokens(usage: Any, text: str) -> int:
    told = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    return told if isinstance(told, int) else count_tokens(text)
