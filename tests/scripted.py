"""Models and endpoints of this process that say what a function says."""

import asyncio
import hashlib
import threading
from collections.abc import Callable, Sequence

from dataflows.model import Model
from workbench.errors import ModelError
from workbench.models.endpoints import Endpoint, OnQuota, OnText
from workbench.models.retries import Patience
from workbench.records import Answer, CallRequest

HANG = float("inf")


def short(prompt: str) -> str:
    """An answer that no other prompt gets."""
    digest = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"Answer {digest} to {len(prompt)} characters."


class ScriptedModel(Model):
    """Answers with a function of the prompt, for drivers without the workbench."""

    def __init__(self, answer: Callable[[str], str] = short) -> None:
        self.answer = answer
        self.batches: list[list[str]] = []
        self.limits: list[int | None] = []

    def complete(self, prompts: Sequence[str], *, max_tokens: int | None = None) -> list[str]:
        self.batches.append(list(prompts))
        self.limits.append(max_tokens)
        return [self.answer(prompt) for prompt in prompts]


class ScriptedEndpoint(Endpoint):
    """Answers with a function of the prompt.

    Args:
        answer: Prompt -> text.
        latency: Seconds of each call, or a function of the prompt; HANG waits for ever.
        failure: Prompt -> what to raise, or None for a good answer.
        pieces: Prompt -> what is streamed before the latency is over.
        in_flight: As Endpoint's.
        attempts: How often a call is made in all while its failures look temporary.
    """

    def __init__(
        self,
        answer: Callable[[str], str] = short,
        *,
        latency: float | Callable[[str], float] = 0.0,
        failure: Callable[[str], BaseException | None] = lambda _: None,
        pieces: Callable[[str], Sequence[str]] = lambda _: (),
        in_flight: int = 64,
        attempts: int = 1,
    ) -> None:
        self.origin = "http://scripted"
        self.in_flight = in_flight
        self.patience = Patience(attempts=attempts, first_backoff=0.001)
        self.answer, self.failure, self.pieces = answer, failure, pieces
        self.latency = latency if callable(latency) else lambda _: latency
        self.closed = False
        self.asked: list[str] = []
        """Prompts in the order in which they were sent."""
        self.answered: list[str] = []
        self.aborted: list[str] = []
        self.most_at_once = 0
        self._now = 0
        self._changed = threading.Condition()

    async def ask(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:
        prompt = request.messages[-1][1]
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        self._note(self.asked, prompt)
        try:
            for piece in self.pieces(prompt):
                on_text(piece)
            seconds = self.latency(prompt)
            await (asyncio.Event().wait() if seconds == HANG else asyncio.sleep(seconds))
            if error := self.failure(prompt):
                raise error
            text = self.answer(prompt)
            on_text(text)
            self._note(self.answered, prompt)
            return Answer(text, len(prompt) // 4 + 1, len(text.split()), seconds, seconds)
        except asyncio.CancelledError:
            self._note(self.aborted, prompt)
            raise
        finally:
            self._now -= 1

    async def close(self) -> None:
        self.closed = True

    def wait_until(self, condition: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Whether the condition came true; it is looked at whenever a call begins or ends."""
        with self._changed:
            return self._changed.wait_for(condition, seconds)

    def _note(self, prompts: list[str], prompt: str) -> None:
        with self._changed:
            prompts.append(prompt)
            self._changed.notify_all()


def out_of_order() -> ModelError:
    """What a broken endpoint ends in."""
    return ModelError("server", "The endpoint answered 500.", "Run again later.", retryable=True)
