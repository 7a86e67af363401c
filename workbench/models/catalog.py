"""Which models there are, by the environment, and what they are asked.

OPENAI_API_KEY or OPENAI_BASE_URL bring in remote models, WORKBENCH_MODEL names them (one, or several with commas);
the small local one is always there. An empty variable counts as not set.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workbench.errors import UsageError
from workbench.models.addresses import OPENAI, origin_of
from workbench.models.endpoints import Endpoint
from workbench.models.local_model import LocalEndpoint
from workbench.models.local_settings import DISPLAY_NAME, MAX_TOKENS, MODEL, SAMPLING, SEED, SYSTEM_TEXT, TEMPERATURE
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.records import CallRequest, ModelChoice

DEFAULT_REMOTE = "gpt-4.1-mini"
CODE_CHOICE = ModelChoice("code", "code")
"""Each client of the dataflow asks whom its code says."""

_LOCAL_NAMES = ("local", MODEL, DISPLAY_NAME.casefold())


def default_choice(env: Mapping[str, str] = os.environ, *, by_code: bool = False) -> ModelChoice:
    """The first of choices()."""
    return choices(env, by_code=by_code)[0]


def choices(env: Mapping[str, str] = os.environ, *, by_code: bool = False) -> list[ModelChoice]:
    """Every model that can be chosen, never none: those WORKBENCH_MODEL names, in its order, then the local one.

    Args:
        env: The environment.
        by_code: The dataflow has clients of its own: that they ask whom their code says comes first where there is an
            endpoint, and after the local model where there is none.
    """
    names = [name.strip() for name in env.get("WORKBENCH_MODEL", "").split(",") if name.strip()]
    known = [choice_named(name, env) for name in names or [DEFAULT_REMOTE]] if _has_endpoint(env) else []
    own = [CODE_CHOICE] if by_code else []
    return list(dict.fromkeys([*own, *known, _local()] if known else [_local(), *own]))


def choice_named(name: str, env: Mapping[str, str] = os.environ) -> ModelChoice:
    """The model of this name: the local one by "local" or its own name, "code", any other at the endpoint.

    Raises:
        UsageError: The name is empty, or a remote one while no endpoint is set.
    """
    if name.strip().casefold() in _LOCAL_NAMES:
        return _local()
    if name.strip().casefold() == CODE_CHOICE.name:
        return CODE_CHOICE
    if not name.strip():
        raise UsageError("The name of the model is empty.", 'Name a model, or "local".')
    if not _has_endpoint(env):
        hint = 'Set OPENAI_API_KEY or OPENAI_BASE_URL, or choose "local".'
        raise UsageError(f"There is no endpoint for the model {name.strip()[:80]}.", hint)
    return ModelChoice(name.strip(), "remote")


def display_name(choice: ModelChoice) -> str:
    """What a person sees."""
    return {"local": DISPLAY_NAME, "code": "As the code says"}.get(choice.endpoint, choice.name)


def endpoint_for(choice: ModelChoice, env: Mapping[str, str] = os.environ) -> Endpoint:
    """A new endpoint that answers for this model, for the event loop that will use it; nothing is loaded yet.

    Raises:
        UsageError: The base URL or the key can't be used.
    """
    return LocalEndpoint() if choice.endpoint == "local" else OpenAIEndpoint(_base_url(env), _key(env))


def call_request(
    choice: ModelChoice,
    prompt: str,
    max_tokens: int | None = None,
    repetition: int = 0,
    env: Mapping[str, str] = os.environ,
) -> CallRequest:
    """What the model is asked.

    A remote model gets the prompt and what was set, nothing else; the local one gets its own settings too.

    Args:
        max_tokens: The longest answer; None leaves it to the model, or to MAX_TOKENS for the local one.
        repetition: From 0. Each takes the next seed where one is set, since equal seeds would only repeat an answer.

    Raises:
        UsageError: The base URL can't be used.
    """
    seed = None if choice.seed is None else choice.seed + repetition
    sampling: dict[str, Any] = {"temperature": choice.temperature, "seed": seed}
    messages: tuple[tuple[str, str], ...] = (("user", prompt),)
    if choice.endpoint == "local":
        origin = "local"
        messages = (("system", SYSTEM_TEXT), *messages)
        own = {"temperature": TEMPERATURE, "seed": SEED + repetition}
        sampling |= {name: value for name, value in own.items() if sampling[name] is None}
        sampling |= {"max_tokens": max_tokens or MAX_TOKENS, "extra_body": dict(SAMPLING)}
    else:
        origin = origin_of(_base_url(env))
        sampling[_longest_answer(origin)] = max_tokens
    parameters = {name: value for name, value in sampling.items() if value is not None}
    return CallRequest(origin, choice.name, messages, parameters, repetition)


def with_messages(
    request: CallRequest, messages: tuple[tuple[str, str], ...], parameters: Mapping[str, Any]
) -> CallRequest:
    """A request with other messages in the place of its prompt; the small model's own come first."""
    system = tuple(own for own in request.messages if own[0] == "system")
    return replace(request, messages=(*system, *messages), parameters={**request.parameters, **parameters})


def _longest_answer(origin: str) -> str:
    # OpenAI's newer models refuse max_tokens; many compatible endpoints know nothing else.
    return "max_completion_tokens" if origin == OPENAI else "max_tokens"


def _local() -> ModelChoice:
    return ModelChoice(MODEL, "local", temperature=TEMPERATURE, seed=SEED)


def _has_endpoint(env: Mapping[str, str]) -> bool:
    return bool(_key(env) or env.get("OPENAI_BASE_URL", "").strip())


def _base_url(env: Mapping[str, str]) -> str:
    return env.get("OPENAI_BASE_URL", "").strip() or OPENAI


def _key(env: Mapping[str, str]) -> str:
    key = env.get("OPENAI_API_KEY", "").strip()
    if not key.isascii() or any(character.isspace() or not character.isprintable() for character in key):
        raise UsageError("OPENAI_API_KEY holds a space or a character that no key has.", "Set it again.")
    return key
