"""A streamed answer, put together.

Source of the events' shape: https://platform.openai.com/docs/api-reference/chat-streaming.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2

from workbench.errors import ModelError
from workbench.models.events import EventReader, malformed

_SURROGATE = re.compile("[\ud800-\udfff]")
_DRAIN_SECONDS = 0.5


def without_surrogates(text: str) -> str:
    """The text with lone surrogates replaced by U+FFFD: UTF-8, and so HTTP and the browser, can't carry them."""
    return _SURROGATE.sub("\ufffd", text)


class ErrorEvent(Exception):
    """The endpoint reported an error inside a stream that began well.

    Args:
        body: The event.
    """

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__("error event")
        self.body = body


class StreamedAnswer:
    """What the events so far say."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.finish_reason = ""
        self.usage: tuple[int, int] | None = None
        """Tokens of the prompt and of the answer, as the endpoint counted them."""
        self.first_text_at: float | None = None
        """On the monotonic clock."""
        self.ended_at = 0.0
        self._has_choice = False

    def take(self, event: dict[str, Any]) -> str:
        """The event's text; mostly a word, often empty.

        Raises:
            ErrorEvent: The event is an error.
        """
        if event.get("error"):
            raise ErrorEvent(event)
        self._take_usage(event.get("usage"))
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return ""
        self._has_choice = True
        if isinstance(reason := choice.get("finish_reason"), str):
            self.finish_reason = without_surrogates(reason[:40])
        delta = choice.get("delta") or choice.get("message")
        content = delta.get("content") if isinstance(delta, dict) else None
        if not isinstance(content, str) or not content:
            return ""
        self.first_text_at = self.first_text_at or time.monotonic()
        self.texts.append(without_surrogates(content))
        return self.texts[-1]

    def check(self, done: bool) -> None:
        """Make sure that this is a whole answer.

        Args:
            done: The stream was closed as agreed; some endpoints do that without giving a finish reason.

        Raises:
            ModelError: "malformed", "cut", or "refused" by a content filter.
        """
        if not self._has_choice:
            raise malformed("its reply holds no choices")
        if self.finish_reason == "content_filter":
            hint = "Change the prompt or the document."
            raise ModelError("refused", "The endpoint's content filter stopped the answer.", hint)
        if not (self.finish_reason or done):
            characters = sum(map(len, self.texts))
            message = f"The answer broke off after {characters} characters, without a finish reason."
            raise ModelError("cut", message, "Run again.", retryable=True)

    def _take_usage(self, usage: Any) -> None:
        if isinstance(usage, dict):
            asked, answered = usage.get("prompt_tokens"), usage.get("completion_tokens")
            if isinstance(asked, int) and isinstance(answered, int):
                self.usage = (asked, answered)


async def read_answer(
    chunks: AsyncIterator[bytes], content_type: str, on_text: Callable[[str], None]
) -> StreamedAnswer:
    """The whole answer; each new piece of text is told as it comes.

    Raises:
        ModelError: "malformed", "cut" or "refused".
        ErrorEvent: The endpoint reported an error.
    """
    answer = StreamedAnswer()
    reader = EventReader(content_type)
    async for chunk in chunks:
        if text := "".join(map(answer.take, reader.feed(chunk))):
            on_text(text)
        if reader.done:
            break
    if text := "".join(map(answer.take, reader.end())):
        on_text(text)
    answer.check(reader.done)
    answer.ended_at = time.monotonic()
    # Nothing that comes now matters, but only a reply read to its end leaves the connection fit for the next call.
    with contextlib.suppress(httpx2.HTTPError, TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in chunks:
                pass
    return answer
