"""Embeddings as model calls: a text in, a vector out, through the same pool, store and limits as every other call."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.errors import UsageError
from workbench.models.catalog import call_request, choice_named
from workbench.records import Answer, CallRequest, ModelChoice

_INPUT = "input"
"""The role of what is embedded; chats have none of that name, so that the two can't share an answer."""
_LARGEST = 1e100


def embedding_choice(name: str, env: Mapping[str, str] = os.environ) -> ModelChoice:
    """The embedding model of this name, at the endpoint.

    Raises:
        UsageError: It is the small local model, or "code", which make no embeddings; or there is no endpoint.
    """
    choice = choice_named(name, env)
    if choice.endpoint == "remote":
        return choice
    what = "The small model" if choice.endpoint == "local" else f"The model {choice.name!r}"
    hint = "Set OPENAI_BASE_URL or OPENAI_API_KEY, and name an embedding model of that endpoint."
    raise UsageError(f"{what} writes texts and makes no embeddings, which similar needs.", hint)


def embedding_request(choice: ModelChoice, text: str, env: Mapping[str, str] = os.environ) -> CallRequest:
    """What asks for the vector of a text.

    Raises:
        UsageError: The base URL can't be used.
    """
    return replace(call_request(choice, text, env=env), messages=((_INPUT, text),), parameters={})


def is_embedding(request: CallRequest) -> bool:
    """Whether a request is one of embedding_request()."""
    return [role for role, _ in request.messages] == [_INPUT]


def text_of_vector(vector: object) -> str:
    """A vector as the text of an answer.

    Raises:
        ValueError: It is no list of finite numbers, or an empty one.
    """
    if not isinstance(vector, list) or not vector or not all(map(_is_finite, vector)):
        raise ValueError("no vector of finite numbers")
    return json.dumps(vector, separators=(",", ":"))


def vector_in(answer: Answer) -> Sequence[float]:
    """The vector of an answer that text_of_vector() made.

    Raises:
        ValueError: The answer holds none.
    """
    try:
        vector = json.loads(answer.text)
        text_of_vector(vector)
    except (ValueError, RecursionError) as error:
        raise ValueError("the embedding model's answer is no vector of finite numbers") from error
    return [float(number) for number in vector]


def _is_finite(number: object) -> bool:
    # A whole number of any length can be compared, but not turned into a float.
    return isinstance(number, (int, float)) and not isinstance(number, bool) and abs(number) < _LARGEST
