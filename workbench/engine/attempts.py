"""One model call, made again while that makes sense; its place is free for others while it waits."""

import asyncio
import time
from collections.abc import Callable, Hashable
from dataclasses import replace

from workbench.engine.answer_prices import cost_of, load_soon
from workbench.engine.call_limit import CallLimit
from workbench.engine.fair_limit import FairLimit
from workbench.engine.pace import Sent
from workbench.errors import ModelError
from workbench.models.endpoints import Endpoint, OnText
from workbench.models.retries import Patience, Quota, backoff_seconds
from workbench.records import Answer, CallRequest

OnStart = Callable[[], None]
OnWait = Callable[[str, float], None]

_RATE_LIMIT = "rate limit"


async def answer_to(
    request: CallRequest,
    endpoint: Endpoint,
    turns: FairLimit,
    *,
    caller: Hashable,
    on_start: OnStart,
    on_text: OnText,
    on_wait: OnWait,
    on_answer: OnStart = lambda: None,
) -> Answer:
    """The answer, with when it was made and what it cost; its place is free for others when both are known.

    Nothing is waited for from then on, so that the caller can write the answer down before another call is sent.

    Args:
        request: What to ask.
        endpoint: Whom, and how often at most.
        turns: Who may ask that endpoint next.
        caller: Whose turn it is.
        on_start: Called right before each attempt, which is not made when this raises.
        on_text: Gets each new piece of the answer.
        on_wait: Told why and for how many seconds nothing happens; all text so far is void then.
        on_answer: Called when the answer is there, before its price is.

    Raises:
        ModelError: No usable answer came within the endpoint's patience.
    """
    failures: list[ModelError] = []
    await endpoint.ready()
    load_soon(request)
    try:
        async with asyncio.timeout(None) as limit:
            while True:
                async with turns.hold(caller, again=bool(failures)) as sent:
                    if not failures:
                        limit.reschedule(asyncio.get_running_loop().time() + endpoint.patience.seconds)
                    on_start()
                    outcome = await _attempt(request, endpoint, on_text, turns.limit, sent)
                    if isinstance(outcome, Answer):
                        limit.reschedule(None)  # it is paid for
                        on_answer()
                        return replace(outcome, made_at=time.time(), cost_usd=await cost_of(request, outcome))
                failures.append(outcome)
                if _is_enough(failures, endpoint.patience):
                    raise outcome
                seconds = _pause(failures, endpoint.patience, turns.limit)
                on_wait(outcome.message, seconds)
                # Where the endpoint itself is closed for a time, the turn comes when it opens.
                await asyncio.sleep(0 if turns.limit.closed_for() >= seconds else seconds)
    except TimeoutError:
        if not limit.expired():
            raise
        raise _took_too_long(failures, endpoint.patience.seconds) from None


async def _attempt(
    request: CallRequest, endpoint: Endpoint, on_text: OnText, limit: CallLimit, sent: Sent
) -> Answer | ModelError:
    """One exchange; the limit of the endpoint learns from it before the place is free again."""

    def quota(said: Quota) -> None:
        if said.remaining == 0:
            limit.hold(said.reset_seconds)

    try:
        answer = await endpoint.ask(request, on_text, quota)
    except ModelError as error:
        if error.kind == _RATE_LIMIT:
            limit.refused(sent, error.retry_after)
        elif error.retry_after:
            limit.hold(error.retry_after)
        return error
    limit.answered(sent)
    return answer


def _is_enough(failures: list[ModelError], patience: Patience) -> bool:
    refusals = sum(failure.kind == _RATE_LIMIT for failure in failures)
    others = len(failures) - refusals
    return not failures[-1].retryable or others >= patience.attempts or refusals >= patience.refusals


def _pause(failures: list[ModelError], patience: Patience, limit: CallLimit) -> float:
    """Seconds until the next attempt."""
    last = failures[-1]
    if last.kind == _RATE_LIMIT:
        return limit.closed_for()
    if last.retry_after is not None:
        return last.retry_after
    return backoff_seconds(sum(failure.kind != _RATE_LIMIT for failure in failures), patience.first_backoff)


def _took_too_long(failures: list[ModelError], seconds: float) -> ModelError:
    before = f" The last failure: {failures[-1].message}" if failures else ""
    message = f"No complete answer came within {seconds:g} s, which is the limit.{before}"
    return ModelError("timeout", message, "Run again later, or use a faster model.", retryable=True)
