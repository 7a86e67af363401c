import asyncio
import time

import pytest

from tests.scripted import HANG, ScriptedEndpoint, out_of_order
from workbench.engine.attempts import answer_to
from workbench.engine.call_limit import CallLimit
from workbench.engine.fair_limit import FairLimit
from workbench.errors import ModelError
from workbench.models.retries import Patience, Quota
from workbench.records import CallRequest


def rate_limit(retry_after=None):
    return ModelError("rate limit", "Too many calls.", "Wait.", retryable=True, retry_after=retry_after)


def failing(*failures):
    """What to raise, one failure after the other; then nothing."""
    left = list(failures)
    return lambda _: left.pop(0) if left else None


class Asker:
    """Asks an endpoint through a limit and notes what is told."""

    def __init__(self, endpoint, places=4):
        self.endpoint, self.turns = endpoint, FairLimit(CallLimit(places, endpoint.patience.first_backoff))
        self.starts, self.pieces, self.waits = [], [], []

    def wait(self, reason, seconds):
        self.waits.append((reason, seconds))
        self.pieces.clear()

    async def ask(self, prompt="a", origin="http://scripted", model="m"):
        return await answer_to(
            CallRequest(origin, model, (("user", prompt),)),
            self.endpoint,
            self.turns,
            caller="one",
            on_start=lambda: self.starts.append(prompt),
            on_text=self.pieces.append,
            on_wait=self.wait,
        )


def answer_of(endpoint, **options):
    asker = Asker(endpoint)
    return asyncio.run(asker.ask(**options)), asker


def failure_of(endpoint):
    asker = Asker(endpoint)
    with pytest.raises(ModelError) as raised:
        asyncio.run(asker.ask())
    return raised.value, asker


def test_a_call_that_fails_once_is_made_again():
    """After one failure that may pass, the second attempt gives the whole answer, told once."""
    endpoint = ScriptedEndpoint(str.upper, failure=failing(out_of_order()), attempts=2)

    answer, asker = answer_of(endpoint)

    assert answer.text == "A"
    assert asker.pieces == ["A"]
    assert (len(asker.starts), len(asker.waits)) == (2, 1)


def test_a_failure_that_stays_is_told_after_the_last_attempt():
    """With five attempts a call is made five times, and its failure is the last one's."""
    endpoint = ScriptedEndpoint(failure=lambda _: out_of_order(), attempts=5)

    failure, asker = failure_of(endpoint)

    assert (failure.kind, len(endpoint.asked), len(asker.waits)) == ("server", 5, 4)


def test_a_call_that_cannot_succeed_is_made_once():
    """A failure that is not worth another attempt gets none."""
    endpoint = ScriptedEndpoint(failure=lambda _: ModelError("refused", "No.", "Ask another."), attempts=5)

    failure, _ = failure_of(endpoint)

    assert (failure.kind, len(endpoint.asked)) == ("refused", 1)


def test_being_sent_away_for_the_rate_is_no_failed_attempt():
    """Six refusals for the rate of calls and one other failure leave a call with two attempts answered."""
    endpoint = ScriptedEndpoint(failure=failing(*[rate_limit(0.0)] * 3, out_of_order(), *[rate_limit(0.0)] * 3))
    endpoint.patience = Patience(attempts=2, first_backoff=0.001)

    answer, asker = answer_of(endpoint)

    assert answer.text
    assert len(asker.starts) == 8


def test_an_endpoint_that_sends_away_for_ever_is_given_up():
    """After as many refusals as its patience has, the call fails with the last of them."""
    endpoint = ScriptedEndpoint(failure=lambda _: rate_limit())
    endpoint.patience = Patience(refusals=4, first_backoff=0.001)

    failure, _ = failure_of(endpoint)

    assert (failure.kind, len(endpoint.asked)) == ("rate limit", 4)


def test_what_the_endpoint_asks_to_wait_is_waited_and_told():
    """Retry-After is the wait that is told and taken, by the call that got it and by every other."""
    endpoint = ScriptedEndpoint(failure=failing(rate_limit(0.1)))
    asker = Asker(endpoint)

    async def two_calls():
        first = asyncio.create_task(asker.ask("first"))
        while not asker.waits:
            await asyncio.sleep(0)
        begun = time.monotonic()
        await asyncio.gather(first, asker.ask("second"))
        return time.monotonic() - begun

    seconds = asyncio.run(two_calls())

    [(_, told)] = asker.waits
    assert told == pytest.approx(0.1, abs=0.02)
    assert 0.09 < seconds < 2
    assert len(endpoint.asked) == 3


def test_a_used_up_quota_holds_all_calls_back():
    """After an answer that says no calls are left for 0.1 s, the next call is sent that much later."""

    class Counting(ScriptedEndpoint):
        async def ask(self, request, on_text, on_quota):
            on_quota(Quota(0, 0.1))
            return await super().ask(request, on_text, on_quota)

    async def two_calls(asker):
        await asker.ask("first")
        begun = time.monotonic()
        await asker.ask("second")
        return time.monotonic() - begun

    assert asyncio.run(two_calls(Asker(Counting()))) >= 0.09


def test_a_place_is_free_while_a_call_waits_for_its_next_attempt():
    """With one place, a second call is answered while the first waits to be made again."""
    endpoint = ScriptedEndpoint(failure=lambda prompt: out_of_order() if prompt == "bad" else None)
    endpoint.patience = Patience(attempts=2, first_backoff=60.0)
    asker = Asker(endpoint, places=1)

    async def both():
        bad = asyncio.create_task(asker.ask("bad"))
        while not asker.waits:
            await asyncio.sleep(0)
        answer = await asyncio.wait_for(asker.ask("good"), 5)
        bad.cancel()
        return answer

    assert asyncio.run(both()).text


def test_a_call_has_a_time_limit_over_all_attempts():
    """A call that always fails is given up at the limit of the whole call, which names the last failure."""
    endpoint = ScriptedEndpoint(failure=lambda _: out_of_order())
    endpoint.patience = Patience(attempts=100, first_backoff=10.0, seconds=0.1)

    failure, _ = failure_of(endpoint)

    assert failure.kind == "timeout"
    assert "0.1 s" in failure.message
    assert "answered 500" in failure.message


def test_the_time_limit_begins_with_the_first_attempt():
    """Calls that wait longer for their place than a call may take are answered all the same."""
    endpoint = ScriptedEndpoint(latency=0.2)
    endpoint.patience = Patience(seconds=0.7)
    asker = Asker(endpoint, places=1)

    async def one_after_the_other():
        return await asyncio.gather(*(asker.ask(prompt) for prompt in "abcd"))

    assert len(asyncio.run(one_after_the_other())) == 4


def test_a_hanging_attempt_ends_at_the_time_limit():
    """An attempt that never ends is cancelled, and its connection with it."""
    endpoint = ScriptedEndpoint(latency=HANG)
    endpoint.patience = Patience(seconds=0.05)

    failure, _ = failure_of(endpoint)

    assert failure.kind == "timeout"
    assert endpoint.aborted == ["a"]


def test_an_answer_knows_when_it_was_made_and_what_it_cost():
    """Its time is the clock's when it came; its cost is the one on the price list for that address."""
    before = time.time()

    answer, _ = answer_of(ScriptedEndpoint(), origin="https://api.openai.com/v1", model="gpt-4.1-mini")

    assert before <= answer.made_at <= time.time()
    assert answer.cost_usd and answer.cost_usd > 0


@pytest.mark.parametrize(("origin", "cost"), [("local", 0.0), ("http://127.0.0.1:9/v1", None)])
def test_an_answer_has_the_price_of_where_it_was_made(origin, cost):
    """The local model costs nothing; the price of an address that is on no list is unknown."""
    answer, _ = answer_of(ScriptedEndpoint(), origin=origin, model="gpt-4.1-mini")

    assert answer.cost_usd == cost
