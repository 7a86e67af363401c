"""A Model over the openai package: a bounded number of calls at once, for all requests together."""

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai

from dataflows.model import Model
from examples.service.errors import RefusedError

CALLS_AT_ONCE = 16
MOST_CALLS = 200
"""For one document; each costs money."""
CALL_SECONDS = 60.0
DOCUMENT_SECONDS = 300.0
_PLACEHOLDER_KEY = "no-key"


class Connection:
    """An endpoint, shared by all requests; its key is read from OPENAI_API_KEY and kept nowhere else.

    Args:
        base_url: Of an OpenAI-compatible endpoint; empty for OpenAI's own.
        model: The model of versions that pin none.
    """

    def __init__(self, base_url: str, model: str) -> None:
        self.default_model = model
        self.client = openai.OpenAI(
            base_url=base_url or None,
            api_key=os.environ.get("OPENAI_API_KEY") or _PLACEHOLDER_KEY,
            max_retries=2,
            # A redirect would carry the prompt to an address that nobody chose.
            http_client=openai.DefaultHttpxClient(
                follow_redirects=False, timeout=openai.Timeout(CALL_SECONDS, connect=10.0)
            ),
        )
        # OpenAI's newer models refuse max_tokens; many compatible endpoints know nothing else.
        self.longest_answer = "max_tokens" if base_url else "max_completion_tokens"
        self.calls = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="model-call")

    def model(self, pinned: Mapping[str, Any]) -> "OpenAIModel":
        """The model for one request, as its prompts' version pins it."""
        settings = {name: pinned[name] for name in ("temperature", "seed") if pinned.get(name) is not None}
        return OpenAIModel(self, str(pinned.get("name") or self.default_model), settings)

    def close(self) -> None:
        """Make no further call."""
        self.calls.shutdown(wait=False, cancel_futures=True)
        self.client.close()


class OpenAIModel(Model):
    """Answers the prompts of one request and counts its calls."""

    def __init__(self, connection: Connection, name: str, settings: Mapping[str, Any]) -> None:
        self.name = name
        self.calls = 0
        self._connection = connection
        self._settings = dict(settings)
        self._until = time.monotonic() + DOCUMENT_SECONDS

    def complete(self, prompts: Sequence[str], *, max_tokens: int | None = None) -> list[str]:
        """One answer per prompt, see Model.complete.

        Raises:
            RefusedError: There are too many prompts, or the endpoint gives no answer.
        """
        if (calls := self.calls + len(prompts)) > MOST_CALLS:
            message = f"this document takes {calls} calls of the model or more; at most {MOST_CALLS} are made"
            raise RefusedError(413, message)
        self.calls = calls
        settings = self._settings | ({self._connection.longest_answer: max_tokens} if max_tokens else {})
        futures = [self._connection.calls.submit(self._answer, prompt, settings) for prompt in prompts]
        try:
            return [future.result(max(0.0, self._until - time.monotonic())) for future in futures]
        except TimeoutError as error:
            raise RefusedError(504, f"the document took over {DOCUMENT_SECONDS:g} s; try a shorter one") from error
        finally:
            for future in futures:
                future.cancel()

    def _answer(self, prompt: str, settings: Mapping[str, Any]) -> str:
        asked: dict[str, Any] = {"model": self.name, "messages": [{"role": "user", "content": prompt}], **settings}
        try:
            reply = self._connection.client.chat.completions.create(**asked)
            text = reply.choices[0].message.content
        except openai.APITimeoutError as error:
            raise RefusedError(504, f"the model {self.name} did not answer within {CALL_SECONDS:g} s") from error
        except openai.APIStatusError as error:
            # What the endpoint says beside its status may repeat the prompt or the key.
            raise RefusedError(502, f"the model {self.name} answered with status {error.status_code}") from None
        except (openai.OpenAIError, AttributeError, IndexError, TypeError) as error:
            raise RefusedError(502, f"the model {self.name} gave no answer: {type(error).__name__}") from None
        if not isinstance(text, str):
            raise RefusedError(502, f"the model {self.name} gave an answer without a text")
        return text
