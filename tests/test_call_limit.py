import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.call_simulation import Clock, bucket, chance, simulate, window
from workbench.engine.call_limit import CallLimit

SEEDS = range(6)


def limit_at_20():
    clock = Clock()
    return clock, CallLimit(20, clock=clock)


def test_a_refusal_halves_the_places():
    """From 20 places, a refused call leaves 10, one sent after that leaves 5."""
    clock, limit = limit_at_20()
    limit.refused(limit.sent())
    after_one = limit.places
    clock.now = 1.0

    limit.refused(limit.sent())

    assert (after_one, limit.places) == (10, 5)


def test_calls_that_were_sent_together_halve_the_places_once():
    """Of 20 calls on their way, 12 are refused one after the other: 10 places are left."""
    _, limit = limit_at_20()
    sent = [limit.sent() for _ in range(20)]

    for call in sent[:12]:
        limit.refused(call)

    assert limit.places == 10


def test_answers_give_the_places_back_and_then_one_for_each_round():
    """From 5 places after two refusals, 5 answers bring the 10 back that were there; 10 more bring one more."""
    clock, limit = limit_at_20()
    for moment in (1.0, 2.0):
        clock.now = moment
        limit.refused(limit.sent())
    counts = []
    for _ in range(16):
        clock.now += 0.2
        limit.answered(limit.sent())
        counts.append(limit.places)

    assert counts[:6] == [6, 7, 8, 9, 10, 10]
    assert counts[15] == 11


def test_what_the_endpoint_asks_to_wait_is_waited_by_all_calls():
    """After a refusal with 7 s no call may be sent for 7 s, and after an hour asked for, none for 2 minutes."""
    clock, limit = limit_at_20()
    limit.refused(limit.sent(), 7.0)
    first = limit.wait(0)
    clock.now = 8.0

    limit.hold(3600.0)

    assert (first, limit.wait(0)) == (7.0, 120.0)


def test_waits_double_while_everything_is_refused():
    """Without an answer in between and no time named, each refusal closes the endpoint for longer, up to 20 s."""
    clock, limit = limit_at_20()
    waits = []
    for _ in range(10):
        limit.refused(limit.sent())
        waits.append(limit.closed_for())
        clock.now += 30.0

    assert waits[0] == 0.0
    steps = [0.5, 1, 2, 4, 8, 16, 20, 20, 20]
    assert all(step / 2 <= wait <= step for step, wait in zip(steps, waits[1:], strict=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("burst", "requests"), [(40, 175), (20, 180)])
def test_a_strict_endpoint_is_used_at_its_own_rate(burst, requests, seed):
    """164 calls, 20 at a time, 200 ms each, where 40 a second get through: 5 % over the least time, 175 requests."""
    least = (164 - burst) / 40 + 0.2

    took = simulate(164, 20, bucket(40, burst), seed=seed)

    assert took.seconds <= 1.05 * least
    assert took.requests <= requests


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strict_endpoint_that_says_when_to_come_again_is_obeyed(seed):
    """With Retry-After in whole seconds the same calls take no more than 1.15 times 164 / 40 s, and 175 requests."""
    took = simulate(164, 20, bucket(40, 40, retry_after=True), seed=seed)

    assert took.seconds <= 1.15 * 164 / 40
    assert took.requests <= 175


@pytest.mark.parametrize("rate", [3, 10, 200])
def test_any_rate_is_found(rate):
    """At 3, 10 and 200 calls a second, 400 calls take 10 % over the least time, and at most 3 in 10 are refused."""
    calls = 400

    took = simulate(calls, 20, bucket(rate, rate))

    assert took.seconds <= 1.1 * max((calls - rate) / rate, calls / 20 * 0.2) + 0.5
    assert len(took.refused_at) <= 0.3 * calls


def test_refusals_by_chance_cost_little():
    """Where 5 % of all calls are refused whatever their rate, 400 calls take less than twice their least time."""
    took = [simulate(400, 20, chance(0.05, seed), seed=seed).seconds for seed in SEEDS]

    assert sum(took) / len(took) < 2 * 400 / 20 * 0.2


def test_a_closed_endpoint_is_not_stormed():
    """Where 60 calls a minute get through and nothing is said of it, 150 calls take 3 minutes and 40 refusals."""
    took = simulate(150, 20, window(60, 60.0))

    assert took.seconds <= 180
    assert took.requests <= 150 + 40
    assert max(took.attempts.values()) <= 20


def test_an_endpoint_that_opens_up_is_used_again():
    """After a slow time of 5 calls a second for 10 s, an endpoint that takes all is soon sent all it is allowed."""

    def takes(clock):
        slow = bucket(5, 5)(clock)
        return lambda: slow() if clock.now < 10 else None

    took = simulate(1000, 20, takes)

    assert took.seconds < 10 + 1000 / 20 * 0.2 + 8


def test_an_idle_time_is_not_taken_for_a_slow_endpoint():
    """An hour without calls between two refusals doesn't make the pace a few calls an hour."""
    clock, limit = limit_at_20()
    limit.refused(limit.sent())
    clock.now = 3600.0
    burst = [limit.sent(idled=True), *(limit.sent() for _ in range(19))]
    clock.now += 0.2
    for call in burst[:10]:
        limit.answered(call)

    limit.refused(burst[10])

    assert limit.closed_for() < 0.1


@settings(max_examples=60, deadline=None)
@given(
    places=st.integers(1, 64),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["send", "answer", "refuse", "refuse and wait", "hold", "time"]),
            st.integers(0, 1_000_000),
            st.floats(0, 300),
        ),
        max_size=120,
    ),
)
def test_whatever_happens_places_stay_within_their_bounds(places, steps):
    """Places are from 1 to what is allowed, no wait is negative or over 2 minutes, and nothing closes for ever."""
    clock = Clock()
    limit = CallLimit(places, clock=clock)
    on_their_way = []
    for kind, which, number in steps:
        if kind == "send" and limit.wait(len(on_their_way)) == 0:
            on_their_way.append(limit.sent())
        elif kind == "time":
            clock.now += number
        elif kind == "hold":
            limit.hold(number)
        elif on_their_way:
            call = on_their_way.pop(which % len(on_their_way))
            clock.now += number / 1000
            if kind == "answer":
                limit.answered(call)
            else:
                limit.refused(call, number if kind == "refuse and wait" else None)

        assert 1 <= limit.places <= places
        assert 0 <= limit.closed_for() < math.inf
        assert len(on_their_way) <= places
    clock.now += limit.closed_for() + 0.001
    assert limit.wait(0) == 0
