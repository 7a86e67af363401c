"""What the calls of one experiment have cost so far, held against its budget before each call."""

import threading
from collections.abc import Iterable
from typing import Literal

from dataflows.tokens import count_each
from workbench.errors import BudgetError, UsageError
from workbench.models.catalog import call_request
from workbench.models.prices import cost_usd
from workbench.records import Answer, Budget, CallRequest, ModelChoice

LONGEST_ANSWER = 1000
"""Tokens; taken for the longest answer where max_tokens is not set."""

_TOKENS_AROUND_A_MESSAGE = 8
"""Roles and separators, which models count too; OpenAI's take 7 for a prompt of one message."""
_CALLS_HINT = "Set a budget of calls instead."
_HINT = "Raise the budget and run again: what was answered is kept and costs nothing."


def longest_answer(request: CallRequest) -> int:
    """Tokens that an answer has at most: max_tokens, or 1,000 where none is set."""
    limits = [request.parameters.get(name) for name in ("max_tokens", "max_completion_tokens")]
    return next((int(limit) for limit in limits if limit), LONGEST_ANSWER)


class Spending:
    """Calls and money of one experiment. Safe across threads.

    Args:
        model: Who is asked.
        budget: What it may come to.

    Raises:
        UsageError: The budget is in money and the model's price is unknown.
    """

    def __init__(self, model: ModelChoice, budget: Budget) -> None:
        self._model, self._budget = model, budget
        self._lock = threading.Lock()
        self._highest: dict[str, float] = {}
        self._reserved: dict[str, float] = {}
        self.calls = 0
        """Answered, or on their way."""
        self.usd = 0.0
        """Of the answered ones whose price is known."""
        if budget.usd is None or model.endpoint == "code":
            return  # which models the code asks isn't known before it does
        if _price(call_request(model, ""), 0, 0) is None:
            raise UsageError(_unpriced(model.name), _CALLS_HINT)

    def appraise(self, requests: Iterable[CallRequest]) -> None:
        """Work out what calls may cost at most, so that take() needn't; counting tokens takes its time."""
        if self._budget.usd is None:
            return
        new = {key: request for request in requests if (key := request.key()) not in self._highest}
        texts = ["\n".join(content for _, content in request.messages) for request in new.values()]
        for (key, request), tokens in zip(new.items(), count_each(texts), strict=True):
            sent = tokens + _TOKENS_AROUND_A_MESSAGE * len(request.messages)
            highest = _price(request, sent, longest_answer(request))
            if highest is None and self._model.endpoint == "code":
                raise BudgetError(_unpriced(request.model), _CALLS_HINT)
            self._highest[key] = highest or 0.0

    def take(self, request: CallRequest) -> None:
        """Reserve what one call may cost at most, right before it is sent.

        Raises:
            BudgetError: It could cross the budget, or its price is unknown.
        """
        self.appraise([request])
        with self._lock:
            self._refuse_crossing(request)
            self.calls += 1
            if self._budget.usd is not None:
                self._reserved[request.key()] = self._highest[request.key()]

    def settle(self, request: CallRequest, answer: Answer | None) -> None:
        """Put what a reserved call did cost in the place of what it might have; None when it gave no answer."""
        with self._lock:
            reserved = self._reserved.pop(request.key(), 0.0) if self._budget.usd is not None else 0.0
            if answer is None:
                self.calls -= 1
            else:
                self.usd += reserved if answer.cost_usd is None else answer.cost_usd

    def _refuse_crossing(self, request: CallRequest) -> None:
        calls, usd = self._budget.calls, self._budget.usd
        if calls is not None and self.calls >= calls:
            raise BudgetError(f"The budget of {calls:,} calls is used up.", _HINT)
        if usd is None:
            return
        highest, reserved = self._highest[request.key()], sum(self._reserved.values())
        if self.usd + reserved + highest > usd:
            way = f" and ${reserved:.4f} set aside for calls on their way" if reserved else ""
            message = f"The budget of ${usd:g} does not allow the next call: ${self.usd:.4f} is spent{way}, "
            raise BudgetError(f"{message}and it may cost up to ${highest:.4f}.", _HINT)


def _price(request: CallRequest, input_tokens: int, output_tokens: int) -> float | None:
    endpoint: Literal["local", "remote"] = "local" if request.origin == "local" else "remote"
    return cost_usd(request.model, endpoint, input_tokens, output_tokens, request.origin)


def _unpriced(model: str) -> str:
    return f"The price of {model} is unknown, so a budget in money can't be kept."
