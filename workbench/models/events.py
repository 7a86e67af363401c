"""The bytes of a streamed reply as events, read with suspicion: an endpoint may send anything.

Source of the format: server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html, one JSON
object each. The openai package can read them too, but makes every one a checked object, which takes four times the
CPU for an answer of 100 tokens.
"""

import json
from typing import Any

from workbench.errors import ModelError

MAX_BYTES = 64_000_000
"""A longer reply is refused."""


class EventReader:
    """Bytes in, events out. A reply that is one JSON body instead of a stream counts as one event.

    Args:
        content_type: Of the reply.
    """

    def __init__(self, content_type: str) -> None:
        self._content_type = content_type.partition(";")[0].strip()[:80] or "unknown type"
        self._is_one_body = self._content_type == "application/json"
        self._pending = bytearray()
        self._bytes = 0
        self._has_events = False
        self.done = False
        """The closing [DONE] was seen; what comes after it is not looked at."""

    def feed(self, chunk: bytes) -> list[dict[str, Any]]:
        """The events that are complete with these bytes.

        Raises:
            ModelError: "malformed".
        """
        self._bytes += len(chunk)
        if self._bytes > MAX_BYTES:
            raise ModelError("malformed", f"The reply has more than {MAX_BYTES} bytes, which is the limit.")
        searched = len(self._pending)
        self._pending += chunk
        if self._is_one_body or self._pending.find(b"\n", searched) < 0:
            return []
        *lines, self._pending = self._pending.split(b"\n")
        return [event for line in lines if (event := self._event(line)) is not None]

    def end(self) -> list[dict[str, Any]]:
        """The event of a reply that is one JSON body. Half an event at the end of a stream doesn't count.

        Raises:
            ModelError: "malformed", also when there was no event at all.
        """
        if self._is_one_body:
            return [_parsed(self._pending)]
        if not (self._has_events or self.done):
            raise malformed(f"it sent {self._bytes} bytes of {self._content_type} without an event")
        return []

    def _event(self, line: bytearray) -> dict[str, Any] | None:
        if self.done or not line.startswith(b"data:"):
            return None
        payload = line[5:].strip()
        self.done = payload == b"[DONE]"
        if self.done or not payload:
            return None
        self._has_events = True
        return _parsed(payload)


def malformed(what: str) -> ModelError:
    """The error for a reply that is no model's answer; retryable, as proxies send such pages while they are busy."""
    return ModelError(
        "malformed",
        f"The endpoint gave no usable answer: {what}.",
        "Check that OPENAI_BASE_URL ends where /chat/completions begins, mostly in /v1.",
        retryable=True,
    )


def _parsed(payload: bytearray) -> dict[str, Any]:
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        raise malformed("an event holds broken JSON") from None
    if not isinstance(event, dict):
        raise malformed("an event is no JSON object")
    return event
