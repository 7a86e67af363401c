"""A call of a model while it goes on."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataflows.tracker.running import RunningNode

_MOST_RAW = 20_000
"""Characters of an error's message before keys are taken out."""


class Problem:
    """Type and message of an error; the error itself would keep its frames, and what they hold, in memory."""

    __slots__ = ("message", "type")

    def __init__(self, error: BaseException) -> None:
        self.type = type(error).__qualname__
        try:
            message = str(error)
        except Exception:  # noqa: BLE001 an error of the service may be unable to say itself
            message = ""
        # Cut between words, as half a key looks like none.
        self.message = message if len(message) <= _MOST_RAW else message[:_MOST_RAW].rpartition(" ")[0]


@dataclass(eq=False)
class Asked:
    """What is known of a call before it is made."""

    provider: str
    server: str
    model: str
    settings: Mapping[str, float] = field(default_factory=dict)
    messages: Sequence[tuple[str, str]] = ()
    """(role, text) pairs; empty where content isn't kept."""


class RunningCall:
    """One call of a model; whoever makes it says how it went. Whatever is said first stays."""

    def __init__(self, node: "RunningNode | None", asked: Asked) -> None:
        self.node = node
        self.asked = asked
        self.problem: Problem | None = None
        self.pieces: list[str] = []
        self.answering_model = self.finish_reason = ""
        self.input_tokens: int | None = None
        self.output_tokens: int | None = None
        self.is_over = False
        self.began = self.seen = time.perf_counter()

    @property
    def keeps_content(self) -> bool:
        """Whether texts are kept."""
        return self.node is not None and self.node.run.keeps_content

    def answered(
        self,
        text: str = "",
        *,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        finish_reason: str = "",
        model: str = "",
    ) -> None:
        """The answer is there.

        Args:
            text: Of the answer.
            input_tokens: As the server counted them; None when it didn't.
            output_tokens: The same.
            finish_reason: "stop", "length", …
            model: What the server says it is.
        """
        if text and self.keeps_content:
            self.pieces = [text]
        self.input_tokens, self.output_tokens = input_tokens, output_tokens
        self.finish_reason, self.answering_model = finish_reason, model
        self.over()

    def failed(self, error: BaseException) -> None:
        """No answer will come."""
        self.problem = self.problem or Problem(error)
        self.over()

    def over(self) -> None:
        """It has ended, now."""
        if not self.is_over:
            self.seen = time.perf_counter()
            self.is_over = True
