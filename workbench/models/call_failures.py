"""What went wrong with a model call, in a sentence a person can act on."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import openai

from workbench.errors import ModelError
from workbench.models.answer_stream import ErrorEvent
from workbench.models.redaction import redact
from workbench.models.retries import asked_wait

_LONGEST_QUOTE = 200
_STATUSES = {
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "context_length_exceeded": 400,
    "content_filter": 400,
    "invalid_api_key": 401,
    "model_not_found": 404,
}
"""Code of an error inside a stream -> the status that it would have come with before one."""
_CONTEXT = re.compile(r"context.?(?:length|size|window)|exceeds? the (?:max|limit).{0,20}tokens|too many tokens", re.I)
_LIMIT = re.compile(r"(?:maximum context length is|context size \(|context window of) ?(\d+)", re.I)
_ASKED = re.compile(r"(?:resulted in|requested|request \(|has|contains) ?(?:about )?(\d+) tokens", re.I)


class FailureTeller:
    """Turns what the client raised into a ModelError; no key gets through.

    Args:
        endpoint: What messages call it ("the endpoint https://api.openai.com/v1").
        secrets: Texts that no message may hold, beside everything that looks like a key.
        connect_seconds: The limit that was set.
        silence_seconds: The limit between two bytes that was set.
    """

    def __init__(self, endpoint: str, secrets: Sequence[str], connect_seconds: float, silence_seconds: float) -> None:
        self._endpoint = endpoint
        self._secrets = tuple(secrets)
        self._connect_seconds = connect_seconds
        self._silence_seconds = silence_seconds

    def of(self, error: Exception) -> ModelError:
        """The failure; its retryable tells whether the same call may succeed when made again."""
        if isinstance(error, ModelError):
            failure = error
        elif isinstance(error, ErrorEvent):
            failure = self._of_status(_status_of(error.body), error.body, {})
        elif isinstance(error, openai.APIStatusError):
            # An error body that is not JSON arrives as text, and the client unwraps {"error": ...}.
            failure = self._of_status(error.status_code, error.body, error.response.headers)
        else:
            failure = self._of_transport(error.__cause__ if isinstance(error, openai.APIConnectionError) else error)
        return ModelError(
            failure.kind,
            redact(failure.message, self._secrets),
            failure.hint,
            retryable=failure.retryable,
            retry_after=failure.retry_after,
        )

    def _of_status(self, status: int, body: object, headers: Mapping[str, str]) -> ModelError:
        details = _details(body)
        said = self._quoted(details.get("message") or body)
        code = str(details.get("code") or details.get("type") or "")
        if status in (400, 413, 422) and ("context" in code or _CONTEXT.search(said)):
            return ModelError("context", _too_long(details, said), "Make the chunks smaller or shorten the prompt.")
        if "content_filter" in code or "content_policy" in code:
            return self._refused(status, said, "Change the prompt or the document: the endpoint's filter stopped it.")
        if 300 <= status < 400:
            return ModelError(
                "refused",
                f"{self._endpoint} redirects to another address ({status}); redirects are not followed.",
                "Set OPENAI_BASE_URL to the address it redirects to, if you trust that one.",
            )
        if status == 429 and code == "insufficient_quota":
            return self._refused(status, said, "Check the plan and the credit of the key's account.")
        if status == 429:
            text = f"{self._endpoint} asks for fewer calls at a time (429): {said}"
            hint = "Wait a minute, or allow fewer calls at once."
            return ModelError("rate limit", text, hint, retryable=True, retry_after=asked_wait(headers))
        if status in (408, 409) or status >= 500:
            text = f"{self._endpoint} failed ({status}): {said}"
            hint = "Run again later."
            return ModelError("server", text, hint, retryable=True, retry_after=asked_wait(headers))
        hints = {
            401: "Set OPENAI_API_KEY to a valid key of this endpoint.",
            403: "Use a key that may call this model.",
            404: "Set WORKBENCH_MODEL to a model the endpoint has, and check OPENAI_BASE_URL.",
        }
        return self._refused(status, said, hints.get(status, "Change what the message names."))

    def _of_transport(self, error: BaseException | None) -> ModelError:
        said = self._quoted(error)
        hint = "Check OPENAI_BASE_URL and the network."
        if isinstance(error, httpx2.ConnectTimeout):
            text = f"{self._endpoint} did not take the connection within {self._connect_seconds:g} s."
            return ModelError("unreachable", text, hint, retryable=True)
        if isinstance(error, httpx2.TimeoutException):
            text = f"{self._endpoint} was silent for {self._silence_seconds:g} s, which is the limit."
            return ModelError("timeout", text, "Run again later, or use a faster model.", retryable=True)
        if isinstance(error, httpx2.ReadError | httpx2.RemoteProtocolError):
            text = f"{self._endpoint} closed the connection before the answer was complete: {said}"
            return ModelError("cut", text, "Run again.", retryable=True)
        if isinstance(error, httpx2.DecodingError):
            text = f"{self._endpoint} sent bytes that can't be decoded: {said}"
            return ModelError("malformed", text, "Run again.", retryable=True)
        return ModelError("unreachable", f"No connection to {self._endpoint}: {said}", hint, retryable=True)

    def _refused(self, status: int, said: str, hint: str) -> ModelError:
        return ModelError("refused", f"{self._endpoint} refused the call ({status}): {said}", hint)

    def _quoted(self, said: object) -> str:
        """What somebody else wrote: without keys, on one line, short."""
        # Keys go first: half a key left over by the cut would not be known again.
        text = " ".join(redact(str(said or "no reason given")[:10_000], self._secrets).split())
        text = "".join(character for character in text if character.isprintable())
        return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _details(body: object) -> dict[str, Any]:
    details = body.get("error", body) if isinstance(body, dict) else None
    return details if isinstance(details, dict) else {"message": details}


def _status_of(body: Mapping[str, Any]) -> int:
    code = _details(body).get("code")
    if isinstance(code, int) and 400 <= code < 600:
        return code
    return _STATUSES.get(code, 500) if isinstance(code, str) else 500


def _too_long(details: Mapping[str, Any], said: str) -> str:
    asked, limit = details.get("n_prompt_tokens"), details.get("n_ctx")
    if not (isinstance(asked, int) and isinstance(limit, int)):
        found = (_ASKED.search(said), _LIMIT.search(said))
        if not all(found):
            return f"The prompt is longer than the model takes: {said}"
        asked, limit = (int(match[1]) for match in found if match)
    return f"The prompt and the answer need {asked} tokens; the model takes at most {limit}."
