import asyncio
import random
import time

from workbench.engine.call_limit import CallLimit
from workbench.engine.fair_limit import FairLimit


async def settle():
    """Let every task that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def hold(limit, caller, order, release, again=False):
    async with limit.hold(caller, again=again):
        order.append(caller.upper() if again else caller)
        await release.wait()


def test_callers_that_wait_take_turns():
    """With one place, six calls of one caller and three of another come alternately as long as both wait."""

    async def run():
        limit, order = FairLimit(CallLimit(1)), []
        release = asyncio.Event()
        release.set()
        async with limit.hold("somebody"):
            tasks = [asyncio.create_task(hold(limit, "a", order, release)) for _ in range(6)]
            tasks += [asyncio.create_task(hold(limit, "b", order, release)) for _ in range(3)]
            await settle()
        await asyncio.gather(*tasks)
        return order

    assert "".join(asyncio.run(run())) == "abababaaa"


def test_a_place_is_given_back_when_its_holder_is_cancelled():
    """After a cancelled holder the next one gets its place."""

    async def run():
        limit, order, never = FairLimit(CallLimit(1)), [], asyncio.Event()
        first = asyncio.create_task(hold(limit, "a", order, never))
        second = asyncio.create_task(hold(limit, "b", order, never))
        await settle()
        first.cancel()
        await settle()
        second.cancel()
        return order

    assert asyncio.run(run()) == ["a", "b"]


def test_a_place_is_not_lost_when_it_comes_together_with_the_stop():
    """A waiter that is cancelled in the moment its turn came hands the place on."""

    async def run():
        limit, order, never = FairLimit(CallLimit(1)), [], asyncio.Event()
        first = asyncio.create_task(hold(limit, "a", order, never))
        second = asyncio.create_task(hold(limit, "b", order, never))
        third = asyncio.create_task(hold(limit, "c", order, never))
        await settle()
        first.cancel()
        await asyncio.sleep(0)  # the place is given to the second one, which did not run yet
        second.cancel()
        await settle()
        third.cancel()
        return order

    assert asyncio.run(run()) == ["a", "c"]


def test_no_place_is_lost_or_made_by_any_order_of_events():
    """After 2,000 random takes, ends and cancels the limit was never exceeded and all its places are free again."""

    async def run(choice):
        limit, now, most = FairLimit(CallLimit(3)), 0, 0
        waiting = []

        async def worker(caller, release):
            nonlocal now, most
            async with limit.hold(caller):
                now += 1
                most = max(most, now)
                try:
                    await release.wait()
                finally:
                    now -= 1

        for _ in range(2000):
            if choice.random() < 0.5 or not waiting:
                release = asyncio.Event()
                waiting.append((asyncio.create_task(worker(choice.choice("abc"), release)), release))
            else:
                task, release = waiting.pop(choice.randrange(len(waiting)))
                release.set() if choice.random() < 0.5 else task.cancel()
            if choice.random() < 0.5:
                await asyncio.sleep(0)
        for task, _ in waiting:
            task.cancel()
        await settle()
        order, release = [], asyncio.Event()
        tasks = [asyncio.create_task(hold(limit, "x", order, release)) for _ in range(4)]
        await settle()
        held = len(order)
        release.set()
        await asyncio.gather(*tasks)
        return most, held

    assert asyncio.run(run(random.Random(7))) == (3, 3)


def test_a_call_that_comes_again_goes_before_the_others_of_its_caller():
    """With one place, a call that was sent before goes in front of its caller's, and callers still take turns."""

    async def run():
        limit, order, release = FairLimit(CallLimit(1)), [], asyncio.Event()
        release.set()
        async with limit.hold("somebody"):
            tasks = [asyncio.create_task(hold(limit, caller, order, release)) for caller in "aab"]
            await settle()
            again = asyncio.create_task(hold(limit, "a", order, release, again=True))
            await settle()
        await asyncio.gather(again, *tasks)
        return order

    assert "".join(asyncio.run(run())) == "Abaa"


def test_a_closed_limit_lets_the_next_through_when_it_opens():
    """With places free and the endpoint closed for 50 ms, a call waits that long and no longer than it takes."""

    async def run():
        limit = FairLimit(CallLimit(4))
        limit.limit.hold(0.05)
        begun = time.monotonic()
        async with limit.hold("a"):
            return time.monotonic() - begun

    assert 0.05 <= asyncio.run(run()) < 1


def test_a_stop_while_the_limit_is_closed_leaves_nothing_behind():
    """A call cancelled while the endpoint is closed takes no place, and the next goes through when it opens."""

    async def run():
        limit, order, release = FairLimit(CallLimit(1)), [], asyncio.Event()
        release.set()
        limit.limit.hold(0.05)
        stopped = asyncio.create_task(hold(limit, "a", order, release))
        await settle()
        stopped.cancel()
        await hold(limit, "b", order, release)
        return order

    assert asyncio.run(run()) == ["b"]
