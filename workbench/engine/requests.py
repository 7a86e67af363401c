"""What is asked in one run: a prompt of the dataflow's model, or a call of a client of its own, as a request."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.interception.asked import AskedCall
from workbench.models.addresses import origin_of
from workbench.models.catalog import call_request, with_messages
from workbench.records import CallRequest, ModelChoice

Messages = tuple[tuple[str, str], ...]


class Requests:
    """Makes the requests of one run.

    Args:
        choice: Who answers.
        repetition: From 0.
        environment: Where the endpoint's address is; None: this process's.
    """

    def __init__(self, choice: ModelChoice, repetition: int = 0, environment: Mapping[str, str] | None = None) -> None:
        self._choice, self._repetition = choice, repetition
        self._environment = {} if environment is None else {"env": environment}

    def of_prompt(self, prompt: str, max_tokens: int | None = None) -> CallRequest:
        """The prompt as the chosen model is asked.

        Raises:
            UsageError: The base URL can't be used.
        """
        return call_request(self._choice, prompt, max_tokens, self._repetition, **self._environment)

    def of_call(self, asked: AskedCall) -> CallRequest:
        """A call of the dataflow's own client: as it stands, or put to the chosen model instead.

        Raises:
            UsageError: The base URL can't be used.
        """
        messages, rich = _plain(asked.messages)
        kept = {"messages": list(asked.messages)} if rich else {}
        if self._choice.endpoint != "code":
            limits = [asked.parameters.get(name) for name in ("max_tokens", "max_completion_tokens")]
            longest = next((limit for limit in limits if isinstance(limit, int)), None)
            request = self.of_prompt("", longest)
            return with_messages(request, messages, kept if self._choice.endpoint == "remote" else {})
        own = {name: value for name, value in (("temperature", self._choice.temperature),) if value is not None}
        if self._choice.seed is not None:
            own["seed"] = self._choice.seed + self._repetition
        # Of the query its hash only: an address may hold a secret.
        query = {"query": hashlib.sha256(repr(sorted(asked.query.items())).encode()).hexdigest()} if asked.query else {}
        parameters = {**asked.parameters, **own, **kept, **query}
        return CallRequest(origin_of(asked.base_url), asked.model, messages, parameters, self._repetition)


def _plain(messages: Sequence[Mapping[str, Any]]) -> tuple[Messages, bool]:
    """(role, text) of each message, and whether there is more to them than that."""
    texts = tuple((str(own.get("role", "user")), _text(own.get("content"))) for own in messages)
    plain = all(set(own) == {"role", "content"} and isinstance(own["content"], str) for own in messages)
    return texts, not plain


def _text(content: Any) -> str:
    """What a person reads of a message's content: its texts, and what else it holds by its kind."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [str(part.get("text", f"[{part.get('type', 'part')}]")) for part in parts if isinstance(part, Mapping)]
    return "\n".join(texts)
