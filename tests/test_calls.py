import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.scripted import HANG, ScriptedEndpoint, out_of_order
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.stopping import Stop
from workbench.errors import CallsFailed, ModelError, StopError
from workbench.records import CallRequest
from workbench.state.database import connect


@pytest.fixture
def make_pool(tmp_path):
    pools = []

    def make(in_flight=16):
        pools.append(CallPool(CallStore(tmp_path / "calls.db"), in_flight))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def requests_of(*prompts):
    return [CallRequest("http://scripted", "m", (("user", prompt),)) for prompt in prompts]


def ask(pool, endpoint, prompts, *, caller="one", stop=None, events=None, since=0.0):
    heard = [] if events is None else events
    return pool.answer_all(
        endpoint, requests_of(*prompts), caller=caller, stop=stop or Stop(), watch=heard.append, since=since
    )


def in_thread(executor, pool, endpoint, prompts, **options):
    return executor.submit(ask, pool, endpoint, prompts, **options)


def kinds(events, index=0):
    return [event.kind for event in events if event.index == index]


def test_answers_come_in_the_order_of_their_requests(make_pool):
    """The slowest call being the first, its answer is still the first."""
    endpoint = ScriptedEndpoint(str.upper, latency=lambda prompt: 0.05 if prompt == "a" else 0.0)

    answers = ask(make_pool(), endpoint, ["a", "b", "c"])

    assert [answer.text for answer in answers] == ["A", "B", "C"]


def test_equal_requests_are_asked_once(make_pool):
    """Three equal prompts among five are one call; two of the three are told that they reuse an answer."""
    endpoint, events = ScriptedEndpoint(), []

    answers = ask(make_pool(), endpoint, ["a", "b", "a", "c", "a"], events=events)

    assert sorted(endpoint.asked) == ["a", "b", "c"]
    assert answers[0] == answers[2] == answers[4]
    assert [kinds(events, index)[-1] for index in (0, 2, 4)] == ["done", "reused", "reused"]


def test_a_kept_answer_is_not_asked_for_again(make_pool):
    """Another pool on the same store, as after a restart, makes no call."""
    endpoint, events = ScriptedEndpoint(), []
    ask(make_pool(), endpoint, ["a", "b"])

    ask(make_pool(), endpoint, ["b", "a"], events=events)

    assert len(endpoint.asked) == 2
    assert [event.kind for event in events] == ["reused", "reused"]


def test_answers_older_than_since_are_asked_for_again(make_pool):
    """A kept answer is left alone when it was made before the given time, and used when it was made after."""
    pool, endpoint = make_pool(), ScriptedEndpoint()
    ask(pool, endpoint, ["a"])
    since = time.time()

    ask(pool, endpoint, ["a"], since=since)
    ask(pool, endpoint, ["a"], since=since)

    assert endpoint.asked == ["a", "a"]


def test_a_failing_call_keeps_the_others(make_pool):
    """All other answers are kept, the error names the failed position, and the next attempt makes one call."""
    broken = ["b"]
    endpoint = ScriptedEndpoint(failure=lambda prompt: out_of_order() if prompt in broken else None)
    pool = make_pool()
    with pytest.raises(CallsFailed) as raised:
        ask(pool, endpoint, ["a", "b", "c"])
    broken.clear()
    before = len(endpoint.asked)

    ask(pool, endpoint, ["a", "b", "c"])

    assert list(raised.value.failures) == [1]
    assert "call 2 of 3" in raised.value.message
    assert endpoint.asked[before:] == ["b"]


def test_a_fault_of_the_endpoint_s_code_is_a_model_error(make_pool):
    """An unexpected exception becomes the failure of that call, without its text, which might hold a key."""
    endpoint = ScriptedEndpoint(failure=lambda _: RuntimeError("sk-secret"))

    with pytest.raises(CallsFailed) as raised:
        ask(make_pool(), endpoint, ["a"])

    assert isinstance(raised.value.failures[0], ModelError)
    assert "RuntimeError" in raised.value.message
    assert "sk-secret" not in raised.value.message


def test_two_callers_share_a_call_on_its_way(make_pool):
    """Who comes while a call streams hears what was written so far and gets the same answer; one of them pays."""
    gate = threading.Event()
    endpoint = ScriptedEndpoint(latency=lambda _: 0.2, pieces=lambda _: gate.set() or ["Once ", "upon "])
    pool, first, second = make_pool(), [], []
    with ThreadPoolExecutor(2) as executor:
        one = in_thread(executor, pool, endpoint, ["a"], events=first)
        gate.wait(5)

        two = in_thread(executor, pool, endpoint, ["a"], caller="two", events=second)

        assert one.result(5) == two.result(5)
    assert endpoint.asked == ["a"]
    assert kinds(first)[-1] == "done"
    assert kinds(second)[0] == "started" and kinds(second)[-1] == "reused"
    assert second[1].text == "Once upon "


class SlowLook(CallStore):
    """A store in which something happens between a caller's look and the call."""

    meanwhile = None

    def find(self, keys, since=0.0):
        found = super().find(keys, since)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return found


def test_an_answer_that_came_since_the_look_is_reused(tmp_path):
    """When another caller's equal call is made and kept right after the store was asked, it is not made again."""
    store, endpoint, events = SlowLook(tmp_path / "calls.db"), ScriptedEndpoint(), []
    pool = CallPool(store)
    store.meanwhile = lambda: ask(pool, endpoint, ["a"], caller="two")

    ask(pool, endpoint, ["a"], events=events)

    pool.close()
    assert endpoint.asked == ["a"]
    assert kinds(events) == ["reused"]


def test_a_stop_ends_hanging_calls_at_once(make_pool):
    """The wait ends in well under 2 s, the endpoint sees every call aborted, and what was answered stays kept."""
    endpoint = ScriptedEndpoint(latency=lambda prompt: HANG if prompt.startswith("hang") else 0.0)
    pool, stop = make_pool(), Stop()
    prompts = ["a", "b", "hang 1", "hang 2"]
    with ThreadPoolExecutor(1) as executor:
        asking = in_thread(executor, pool, endpoint, prompts, stop=stop)
        assert endpoint.wait_until(lambda: len(endpoint.asked) == 4 and len(endpoint.answered) == 2)
        # Once another call is kept, those answered before it are too.
        ask(pool, endpoint, ["c"])
        begun = time.monotonic()

        stop.set()

        with pytest.raises(StopError):
            asking.result(5)
        assert time.monotonic() - begun < 2
    assert endpoint.wait_until(lambda: sorted(endpoint.aborted) == ["hang 1", "hang 2"])
    ask(pool, endpoint, ["a", "b"])
    assert len(endpoint.asked) == 5


def test_nothing_is_asked_after_a_stop(make_pool):
    """With the stop already set no call is made."""
    endpoint, stop = ScriptedEndpoint(latency=0.01), Stop()
    stop.set()
    pool = make_pool()

    with pytest.raises(StopError):
        ask(pool, endpoint, [str(number) for number in range(50)], stop=stop)

    ask(pool, endpoint, ["later"])
    assert endpoint.answered == ["later"]


@pytest.mark.parametrize("stopped", [0, 1], ids=["who began the call stops", "who joined the call stops"])
def test_a_shared_call_goes_on_when_one_caller_stops(make_pool, stopped):
    """The other caller gets the answer of the same single call, and now is the one who pays for it."""
    free = threading.Event()
    endpoint = ScriptedEndpoint(latency=lambda _: 0.3, pieces=lambda _: free.set() or ["Once"])
    pool, stops, events = make_pool(), [Stop(), Stop()], [[], []]
    with ThreadPoolExecutor(2) as executor:
        one = in_thread(executor, pool, endpoint, ["a"], stop=stops[0], events=events[0])
        free.wait(5)
        joined = threading.Event()
        stops_and_watch = {"stop": stops[1], "watch": lambda event: (events[1].append(event), joined.set())}
        two = executor.submit(pool.answer_all, endpoint, requests_of("a"), caller="two", **stops_and_watch)
        joined.wait(5)

        stops[stopped].set()

        asking = [one, two]
        with pytest.raises(StopError):
            asking[stopped].result(5)
        assert asking[1 - stopped].result(5)[0].text
    assert endpoint.asked == ["a"]
    assert endpoint.aborted == []
    assert kinds(events[1 - stopped])[-1] == "done"


def test_a_call_can_be_made_again_right_after_everybody_left_it(make_pool):
    """Stopped calls are not joined: the next caller's own call is answered."""
    latencies = iter([HANG, 0.0])
    endpoint = ScriptedEndpoint(latency=lambda _: next(latencies))
    pool, stop = make_pool(), Stop()
    with ThreadPoolExecutor(1) as executor:
        asking = in_thread(executor, pool, endpoint, ["a"], stop=stop)
        endpoint.wait_until(lambda: endpoint.asked == ["a"])
        stop.set()

        answers = ask(pool, endpoint, ["a"])

        with pytest.raises(StopError):
            asking.result(5)
    assert answers[0].text
    assert endpoint.asked == ["a", "a"]


def test_calls_in_flight_never_exceed_the_limit(make_pool):
    """Two callers with 40 calls each at a limit of 7 have 7 in flight at most, and at times exactly 7."""
    endpoint, pool = ScriptedEndpoint(latency=0.005), make_pool(in_flight=7)
    with ThreadPoolExecutor(2) as executor:
        asking = [
            in_thread(executor, pool, endpoint, [f"{caller} {number}" for number in range(40)], caller=caller)
            for caller in ("one", "two")
        ]

        answered = [len(each.result(10)) for each in asking]

    assert answered == [40, 40]
    assert endpoint.most_at_once == 7


def test_an_endpoint_s_own_limit_counts_too(make_pool):
    """An endpoint with a use for 2 calls at a time never gets more."""
    endpoint = ScriptedEndpoint(latency=0.002, in_flight=2)

    ask(make_pool(), endpoint, [str(number) for number in range(10)])

    assert endpoint.most_at_once == 2


def test_callers_take_turns(make_pool):
    """The few calls of a caller who comes second are sent in turn with the first one's many, not after them."""
    endpoint, pool = ScriptedEndpoint(latency=0.01), make_pool(in_flight=2)
    with ThreadPoolExecutor(2) as executor:
        long = in_thread(executor, pool, endpoint, [f"long {number}" for number in range(40)], caller="long")
        endpoint.wait_until(lambda: len(endpoint.asked) >= 4)
        short = in_thread(executor, pool, endpoint, [f"short {number}" for number in range(5)], caller="short")

        short.result(10)

        long.result(10)
    first = endpoint.asked.index("short 0")
    assert [prompt for prompt in endpoint.asked[first : first + 9] if prompt.startswith("short")] == [
        f"short {number}" for number in range(5)
    ]


def test_closing_the_pool_ends_whoever_waits(make_pool):
    """A caller of a pool that is closed gets a StopError and its call is aborted."""
    endpoint = ScriptedEndpoint(latency=HANG)
    pool = make_pool()
    with ThreadPoolExecutor(1) as executor:
        asking = in_thread(executor, pool, endpoint, ["a"])
        endpoint.wait_until(lambda: endpoint.asked == ["a"])

        pool.close()

        with pytest.raises(StopError):
            asking.result(5)
    assert endpoint.aborted == ["a"]


def test_closing_the_pool_closes_the_endpoints_it_asked(make_pool):
    """No connection outlives the pool."""
    pool, asked, unasked = make_pool(), ScriptedEndpoint(), ScriptedEndpoint()
    ask(pool, asked, ["a"])

    pool.close()

    assert (asked.closed, unasked.closed) == (True, False)


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(tmp_path):
    """When the store fails, as on a full disk, the caller still gets what was paid for."""
    store = CallStore(tmp_path / "calls.db")
    with closing(connect(store.path)) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON call BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    pool = CallPool(store)

    answers = ask(pool, ScriptedEndpoint(str.upper), ["a"])

    pool.close()
    assert answers[0].text == "A"


def test_5000_calls_take_linear_time(make_pool):
    """Ten times as many calls take about ten times the CPU, not a hundred times."""
    pool, endpoint = make_pool(64), ScriptedEndpoint(str)
    seconds = []
    for count in (500, 5000):
        begun = time.process_time()
        ask(pool, endpoint, [f"{count} {number}" for number in range(count)])
        seconds.append(time.process_time() - begun)

    assert seconds[1] < 30 * seconds[0]
