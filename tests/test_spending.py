import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import until
from tests.scripted import HANG, ScriptedEndpoint, out_of_order
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.spending import LONGEST_ANSWER, Spending, longest_answer
from workbench.engine.stopping import Stop
from workbench.errors import BudgetError, CallsFailed, StopError, UsageError
from workbench.models.prices import cost_usd
from workbench.records import Answer, Budget, CallRequest, ModelChoice

REMOTE = ModelChoice("gpt-4.1-mini", "remote")
OPENAI = "https://api.openai.com/v1"


@pytest.fixture(autouse=True)
def _at_openai(monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture
def pool(tmp_path):
    pool = CallPool(CallStore(tmp_path / "calls.db"))
    yield pool
    pool.close()


def request(prompt="Say hello.", **parameters):
    return CallRequest(OPENAI, REMOTE.name, (("user", prompt),), parameters)


def answer(cost):
    return Answer("Hello.", 5, 2, 0.1, 0.1, cost_usd=cost)


def outcomes(pool, endpoint, prompts, budget, **options):
    """The texts of the answers or, where some failed, position -> failure."""
    requests = [request(prompt) for prompt in prompts]
    options = {"caller": "one", "stop": Stop(), "watch": lambda event: None, **options}
    try:
        return [found.text for found in pool.answer_all(endpoint, requests, budget=budget, **options)]
    except CallsFailed as failed:
        return failed.failures


def test_calls_are_counted_up_to_the_budget():
    """Of a budget of two calls two are taken, and the third is refused with the limit and what to do."""
    spending = Spending(REMOTE, Budget(calls=2))
    spending.take(request("a"))
    spending.take(request("b"))

    with pytest.raises(BudgetError) as raised:
        spending.take(request("c"))

    assert raised.value.message == "The budget of 2 calls is used up."
    assert raised.value.hint
    assert spending.calls == 2


def test_a_call_that_failed_costs_nothing():
    """Its place in the budget is free again."""
    spending = Spending(REMOTE, Budget(calls=1))
    spending.take(request("a"))

    spending.settle(request("a"), None)

    spending.take(request("b"))
    assert spending.calls == 1


def test_money_is_reserved_for_the_longest_answer_and_settled_with_the_real_cost():
    """A budget for one and a half of the longest calls refuses the second while the first is on its way, not after."""
    most = cost_usd(REMOTE.name, "remote", 20, LONGEST_ANSWER, OPENAI)
    spending = Spending(REMOTE, Budget(usd=1.5 * most))
    spending.take(request("a"))
    with pytest.raises(BudgetError) as raised:
        spending.take(request("b"))

    spending.settle(request("a"), answer(most / 10))

    spending.take(request("b"))
    assert spending.usd == pytest.approx(most / 10)
    assert f"${1.5 * most:g}" in raised.value.message
    assert "set aside" in raised.value.message


def test_a_shorter_answer_reserves_less():
    """max_tokens, by whatever name the endpoint has for it, is the longest answer."""
    longest = [longest_answer(request(**own)) for own in ({}, {"max_tokens": 20}, {"max_completion_tokens": 30})]

    assert longest == [LONGEST_ANSWER, 20, 30]


def test_a_budget_in_money_needs_a_price(monkeypatch):
    """A model whose price is unknown is refused before any call; a budget of calls is not."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")

    with pytest.raises(UsageError) as raised:
        Spending(ModelChoice("my-model", "remote"), Budget(usd=1.0))

    assert "my-model" in raised.value.message
    assert raised.value.hint
    Spending(ModelChoice("my-model", "remote"), Budget(calls=1))


def test_the_local_model_costs_nothing():
    """A budget of no money at all lets every call of the local model through."""
    spending = Spending(ModelChoice("small", "local"), Budget(usd=0.0))

    for number in range(5):
        asked = CallRequest("local", "small", (("user", str(number)),))
        spending.take(asked)
        spending.settle(asked, answer(0.0))

    assert (spending.calls, spending.usd) == (5, 0.0)


@settings(max_examples=50, deadline=None)
@given(
    budget=st.floats(0, 0.05),
    calls=st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 2000), st.floats(0, 1), st.booleans()), max_size=30),
)
def test_money_is_never_crossed(budget, calls):
    """Whatever calls cost within their longest answer, and in whatever order they end, the sum stays in the budget."""
    spending = Spending(REMOTE, Budget(usd=budget))
    on_their_way = []
    for number, (words, longest, share, ends) in enumerate(calls):
        asked = request(f"{number} " + "word " * words, max_tokens=longest)
        try:
            spending.take(asked)
        except BudgetError:
            continue
        on_their_way.append((asked, words, int(longest * share)))
        if ends:
            asked, words, tokens = on_their_way.pop(0)
            spending.settle(asked, answer(cost_usd(REMOTE.name, "remote", words, tokens, OPENAI)))
        assert spending.usd <= budget

    for asked, words, tokens in on_their_way:
        spending.settle(asked, answer(cost_usd(REMOTE.name, "remote", words, tokens, OPENAI)))
    assert spending.usd <= budget * (1 + 1e-9)


def test_many_threads_take_no_more_than_there_is():
    """Of 64 threads that take at once, exactly as many get a call as the budget has."""
    spending, start = Spending(REMOTE, Budget(calls=20)), threading.Barrier(64)

    def take(number):
        start.wait(10)
        try:
            spending.take(request(str(number)))
        except BudgetError:
            return False
        return True

    with ThreadPoolExecutor(64) as threads:
        taken = list(threads.map(take, range(64)))

    assert sum(taken) == 20


def test_the_pool_makes_as_many_calls_as_the_budget_allows(pool):
    """Of 30 calls 12 are made and kept, 18 fail before they are sent, and a run after that pays for the rest only."""
    endpoint, prompts = ScriptedEndpoint(latency=0.002), [str(number) for number in range(30)]

    failures = outcomes(pool, endpoint, prompts, Spending(REMOTE, Budget(calls=12)))

    assert (len(endpoint.asked), len(failures)) == (12, 18)
    assert {failure.message for failure in failures.values()} == {"The budget of 12 calls is used up."}
    assert len(outcomes(pool, endpoint, prompts, Spending(REMOTE, Budget(calls=18)))) == 30
    assert len(endpoint.asked) == 30


def test_what_is_kept_or_joined_costs_nothing(pool):
    """With a budget for one call, a prompt that comes three times and one that is kept are all answered."""
    endpoint = ScriptedEndpoint()
    outcomes(pool, endpoint, ["kept"], None)

    texts = outcomes(pool, endpoint, ["a", "a", "kept", "a"], Spending(REMOTE, Budget(calls=1)))

    assert len(texts) == 4
    assert endpoint.asked == ["kept", "a"]


def test_an_attempt_made_again_is_the_same_call(pool):
    """A call that needs three attempts takes one from the budget."""
    failures = [out_of_order(), out_of_order()]
    endpoint = ScriptedEndpoint(failure=lambda _: failures.pop() if failures else None, attempts=3)
    spending = Spending(REMOTE, Budget(calls=1))

    texts = outcomes(pool, endpoint, ["a"], spending)

    assert (len(texts), len(endpoint.asked), spending.calls) == (1, 3, 1)


def test_a_failed_call_leaves_the_budget_to_others(pool):
    """Of three calls one after the other with a budget for two, the first fails and the other two are made."""
    endpoint = ScriptedEndpoint(failure=lambda prompt: out_of_order() if prompt == "bad" else None, in_flight=1)

    failures = outcomes(pool, endpoint, ["bad", "a", "b"], Spending(REMOTE, Budget(calls=2)))

    assert list(failures) == [0]
    assert endpoint.answered == ["a", "b"]


class Two:
    """Two experiments that wait for the same call, which waits for the pool's one place."""

    def __init__(self, pool, endpoint, budgets, executor):
        blocker = Stop()
        self.ends = ([], [])
        executor.submit(outcomes, pool, endpoint, ["block"], None, stop=blocker)
        assert endpoint.wait_until(lambda: endpoint.asked == ["block"])
        self.stops = (Stop(), Stop())
        self.asking = []
        for place, (budget, stop) in enumerate(zip(budgets, self.stops, strict=True)):
            asked = executor.submit(
                outcomes,
                pool,
                endpoint,
                ["a"],
                budget,
                caller=str(place),
                stop=stop,
                watch=lambda event, place=place: self.ends[place].append(event.kind),
            )
            self.asking.append(asked)
            assert until(lambda place=place: self._aboard(pool) == place + 1)
        blocker.set()

    @staticmethod
    def _aboard(pool):
        """How many wait for the call; nobody is told of that."""
        flight = pool._flights._flights.get(request("a").key())
        return len(flight.seats) if flight else 0


def used_up():
    return Spending(REMOTE, Budget(calls=0))


def one_place(hangs=("block",)):
    return ScriptedEndpoint(latency=lambda prompt: HANG if prompt in hangs else 0.05, in_flight=1)


def test_the_first_whose_budget_allows_pays(pool):
    """One experiment has nothing left, the other has: the call is made once, the other pays, both have the answer."""
    endpoint, spending = one_place(), Spending(REMOTE, Budget(calls=1))
    with ThreadPoolExecutor(3) as executor:
        both = Two(pool, endpoint, [used_up(), spending], executor)

        texts = [each.result(5) for each in both.asking]

    assert texts[0] == texts[1]
    assert endpoint.asked == ["block", "a"]
    assert (both.ends[0][-1], both.ends[1][-1], spending.calls) == ("reused", "done", 1)


def test_a_call_that_nobody_can_pay_is_not_made(pool):
    """Two experiments that have nothing left both fail with their own budget, and nothing is sent."""
    endpoint = one_place()
    with ThreadPoolExecutor(3) as executor:
        both = Two(pool, endpoint, [used_up(), Spending(REMOTE, Budget(usd=0.0))], executor)

        first, second = (each.result(5)[0].message for each in both.asking)

    assert endpoint.asked == ["block"]
    assert "0 calls" in first and "$0" in second


@pytest.mark.parametrize("left", [1, 0], ids=["the other can pay", "the other cannot pay"])
def test_when_the_one_who_pays_stops_another_one_pays_or_the_call_ends(pool, left):
    """A call on its way goes on for who can pay for it, and is ended where nobody can."""
    endpoint, payer, other = one_place(), Spending(REMOTE, Budget(calls=1)), Spending(REMOTE, Budget(calls=left))
    endpoint.latency = lambda prompt: HANG if prompt == "block" else 0.3
    with ThreadPoolExecutor(3) as executor:
        both = Two(pool, endpoint, [payer, other], executor)
        assert endpoint.wait_until(lambda: endpoint.asked == ["block", "a"])

        both.stops[0].set()

        with pytest.raises(StopError):
            both.asking[0].result(5)
        ended = both.asking[1].result(5)
    assert (payer.calls, other.calls) == (0, left)
    assert both.ends[1][-1] == ("done" if left else "failed")
    assert isinstance(ended, list) if left else isinstance(ended[0], BudgetError)
    assert endpoint.aborted == (["block"] if left else ["block", "a"])


def test_the_failures_of_before_are_not_asked_for_again(pool):
    """Of two calls that failed before, the one that is not refused is made; the other fails as it did."""
    endpoint, before, told = ScriptedEndpoint(), out_of_order(), []
    refused = {request("b").key(): before}

    failures = outcomes(pool, endpoint, ["a", "b"], None, refused=refused, watch=told.append)

    assert failures == {1: before}
    assert endpoint.asked == ["a"]
    assert [event.kind for event in told if event.index == 1] == ["failed"]
