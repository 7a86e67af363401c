"""Calls belong to the run and the node that they were made for, in whatever thread or task."""

import asyncio
import functools
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import get_context

import openai
import pytest
from hamilton import ad_hoc_utils, async_driver, base, driver
from hamilton.execution.executors import MultiThreadingExecutor
from hamilton.htypes import Collect, Parallelizable

from tests.call_handlers import ScriptedHandler, echo, loop_of_another_thread
from workbench.errors import BudgetError, StopError
from workbench.interception.nodes import scoped
from workbench.interception.openai_client import install
from workbench.interception.scope import current, current_node, current_order, current_run, node_scope, outside

client = openai.OpenAI(base_url="http://127.0.0.1:9/v1", api_key="k", max_retries=0)
async_client = openai.AsyncOpenAI(base_url="http://127.0.0.1:9/v1", api_key="k", max_retries=0)
standing_pool = ThreadPoolExecutor(2)


@pytest.fixture(autouse=True)
def installed():
    """Clients are seen."""
    install()


def ask(prompt: str) -> str:
    """One call, as a helper of a dataflow makes it."""
    given = client.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}])
    return given.choices[0].message.content


async def ask_async(prompt: str) -> str:
    """The same, awaited."""
    given = await async_client.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}])
    return given.choices[0].message.content


def in_pool(prompts):
    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(ask, prompt) for prompt in prompts]]


def in_pool_by_map(prompts):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(ask, prompts))


def in_standing_pool(prompts):
    return list(standing_pool.map(ask, prompts))


def as_they_come(prompts):
    with ThreadPoolExecutor(2) as pool:
        futures = {pool.submit(ask, prompt): prompt for prompt in prompts}
        found = {futures[future]: future.result() for future in as_completed(futures)}
    return [found[prompt] for prompt in prompts]


def in_threads(prompts):
    given = {}
    threads = [threading.Thread(target=lambda own=own: given.update({own: ask(own)})) for own in prompts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [given[prompt] for prompt in prompts]


def in_nested_pools(prompts):
    with ThreadPoolExecutor(2) as pool:
        return [future.result()[0] for future in [pool.submit(in_pool, [prompt]) for prompt in prompts]]


def in_executor_of_a_loop(prompts):
    async def ask_all():
        loop = asyncio.get_running_loop()
        return await asyncio.gather(*(loop.run_in_executor(None, ask, prompt) for prompt in prompts))

    return asyncio.run(ask_all())


def in_threads_of_a_loop(prompts):
    async def ask_all():
        return await asyncio.gather(*(asyncio.to_thread(ask, prompt) for prompt in prompts))

    return asyncio.run(ask_all())


def in_tasks(prompts):
    async def ask_all():
        return await asyncio.gather(*map(ask_async, prompts))

    return asyncio.run(ask_all())


def in_a_row(prompts):
    return [ask(prompt) for prompt in prompts]


WAYS = [
    in_a_row,
    in_pool,
    in_pool_by_map,
    in_standing_pool,
    as_they_come,
    in_threads,
    in_nested_pools,
    in_executor_of_a_loop,
    in_threads_of_a_loop,
    in_tasks,
]


@pytest.mark.parametrize("way", WAYS)
def test_calls_of_inner_threads_belong_to_their_node(way):
    """However a node spreads its calls over threads and tasks, all are answered and carry its name."""
    handler, prompts = ScriptedHandler(), [f"{way.__name__} {number}" for number in range(4)]

    with current(handler), node_scope("digest"):
        given = way(prompts)

    assert given == [f"Heard: {prompt}" for prompt in prompts]
    assert handler.nodes == dict.fromkeys(prompts, "digest")


@pytest.mark.parametrize("way", WAYS)
def test_two_runs_at_once_do_not_mix(way):
    """Runs in two threads that ask at the same time, also through a pool they share, each see their own calls only."""
    handlers = {name: ScriptedHandler(lambda asked, name=name: f"{name} {echo(asked)}") for name in ("left", "right")}
    together, given = threading.Barrier(2), {}

    def run(name):
        with current(handlers[name]), node_scope(f"{name} node"):
            together.wait(10)
            given[name] = way([f"{name} {number}" for number in range(4)])

    runs = [threading.Thread(target=run, args=(name,), daemon=True) for name in handlers]
    for own in runs:
        own.start()
    for own in runs:
        own.join(10)

    for name, handler in handlers.items():
        assert given[name] == [f"{name} Heard: {name} {number}" for number in range(4)]
        assert handler.nodes == {f"{name} {number}": f"{name} node" for number in range(4)}


def test_a_pool_that_began_in_a_run_serves_others_outside_of_it():
    """A worker thread that a run caused does not stay in that run."""
    handler = ScriptedHandler()
    with ThreadPoolExecutor(1) as pool:
        with current(handler), node_scope("digest"):
            inside = pool.submit(lambda: (current_run(), current_node())).result()

        after = pool.submit(lambda: (current_run(), current_node())).result()

    assert (inside[0].handler, inside[1]) == (handler, "digest")
    assert after == (None, "")


def test_jobs_are_sorted_as_they_were_handed_over():
    """The order of a job doesn't depend on when its thread comes to it; jobs of a job come after those before it."""
    orders = {}
    released = threading.Event()

    def note(name, wait=None):
        if wait:
            wait.wait(10)
        orders[name] = current_order()

    with current(ScriptedHandler()), ThreadPoolExecutor(2) as pool:
        pool.submit(note, "first", released)
        pool.submit(note, "second").add_done_callback(lambda _: released.set())

    assert list(orders) == ["second", "first"]
    assert sorted(orders, key=orders.__getitem__) == ["first", "second"]


def test_a_thread_that_subclasses_runs_its_own_code():
    """A Thread with a run method of its own, and a Timer, belong to the run they were started in."""
    seen = []

    class Own(threading.Thread):
        def run(self):
            seen.append(current_node())

    with current(ScriptedHandler()), node_scope("digest"):
        threads = [Own(), threading.Timer(0, lambda: seen.append(current_node()))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert seen == ["digest", "digest"]


def test_a_coroutine_on_the_pool_s_loop_is_outside():
    """What outside() hands to another thread's loop is not seen, although a task copies the context it was made in."""

    async def where():
        return current_run()

    with loop_of_another_thread() as loop, current(ScriptedHandler()):
        inside = asyncio.run_coroutine_threadsafe(where(), loop).result(10)
        with outside():
            beyond = asyncio.run_coroutine_threadsafe(where(), loop).result(10)
        again = current_run()

    assert (inside is again, beyond) == (True, None)


def test_a_forked_process_is_outside():
    """A child of a fork has none of the threads that would answer, so that its calls are left alone."""
    with current(ScriptedHandler()):
        receiving, sending = get_context("fork").Pipe(duplex=False)
        child = get_context("fork").Process(target=lambda: sending.send("inside" if current_run() else "outside"))
        child.start()
        answered = receiving.poll(10) and receiving.recv()
        child.join(10)

    assert answered == "outside"


def stopped(_):
    raise StopError("The run was stopped.")


def beyond_the_budget(_):
    raise BudgetError("The next call would cost more.")


def keep_going(prompts):
    for prompt in prompts:
        try:
            ask(prompt)
        except Exception:  # noqa: BLE001 as there is such code
            continue
    return "went on"


def in_gathered_tasks(prompts):
    async def ask_all():
        return await asyncio.gather(*map(ask_async, prompts), return_exceptions=True)

    return asyncio.run(ask_all())


def in_a_task_group(prompts):
    async def ask_all():
        async with asyncio.TaskGroup() as group:
            return [group.create_task(ask_async(prompt)) for prompt in prompts]

    return asyncio.run(ask_all())


def with_a_bare_except(prompts):
    for prompt in prompts:
        try:
            ask(prompt)
        except:  # noqa: E722 as there is such code
            continue
    raise KeyError("nothing to go on with")


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    "way",
    [*WAYS, keep_going, in_gathered_tasks, in_a_task_group, with_a_bare_except],
)
@pytest.mark.parametrize(("refusal", "error"), [(stopped, StopError), (beyond_the_budget, BudgetError)])
def test_a_stop_ends_the_run_whatever_its_code_makes_of_it(way, refusal, error):
    """No except Exception, gather, group or thread turns the end of a run into a result, and no thread prints one."""
    with pytest.raises(error), current(ScriptedHandler(refusal)), node_scope("digest"):
        way(["a", "b", "c", "d"])


def test_a_stop_passes_an_except_at_once():
    """Code that goes on after any Exception does not come to its second call."""
    handler = ScriptedHandler(stopped)

    with pytest.raises(StopError), current(handler):
        keep_going(["a", "b"])

    assert len(handler.asked) == 1


def test_nothing_is_asked_after_the_end():
    """Code that catches even what is no Exception asks in vain: the handler hears of one call."""
    handler = ScriptedHandler(beyond_the_budget)

    with pytest.raises(BudgetError), current(handler):
        with_a_bare_except(["a", "b", "c"])

    assert len(handler.asked) == 1


def test_an_error_of_the_code_itself_stays():
    """A run that nobody ended raises what its code raised."""
    with pytest.raises(KeyError), current(ScriptedHandler()):
        raise KeyError("own")


class Heard:
    """What a node's function tells while it runs."""

    def __init__(self) -> None:
        self.begun, self.ended = [], []

    def on_end(self, name, seconds, value):
        assert seconds >= 0
        self.ended.append((name, value))

    def scoped(self, function, name):
        return scoped(function, name, self.begun.append, self.on_end)


def test_a_plain_function_runs_in_its_node():
    """Its name, signature and value stay; begin and end are told."""
    heard = Heard()

    def digest(text: str) -> str:
        """Doc."""
        return f"{text} in {current_node()}"

    own = heard.scoped(digest, "digest")

    assert own(text="a") == "a in digest"
    assert (current_node(), own.__name__, own.__doc__) == ("", "digest", "Doc.")
    assert inspect.signature(own) == inspect.signature(digest)
    assert (heard.begun, heard.ended) == (["digest"], [("digest", "a in digest")])


def test_an_async_function_stays_one():
    """Hamilton's check for coroutine functions is true of it, and its awaits are in the node, also side by side."""
    heard = Heard()

    async def where(seconds):
        await asyncio.sleep(seconds)
        return current_node()

    one, two = heard.scoped(where, "one"), heard.scoped(functools.partial(where, 0), "two")

    async def both():
        return await asyncio.gather(one(0.001), two())

    assert asyncio.iscoroutinefunction(one)
    assert inspect.iscoroutinefunction(two)
    assert asyncio.run(both()) == ["one", "two"]
    assert sorted(heard.ended) == [("one", "one"), ("two", "two")]


def test_a_generator_runs_in_its_node_and_its_reader_does_not():
    """The body between two items is in the node, what happens with an item is in the reader's."""
    heard, seen = Heard(), []

    def pieces():
        for number in range(2):
            seen.append(f"body {current_node()}")
            yield number

    with node_scope("reader"):
        for _ in heard.scoped(pieces, "pieces")():
            seen.append(f"item {current_node()}")

    assert seen == ["body pieces", "item reader"] * 2
    assert heard.ended == [("pieces", [0, 1])]


def test_a_generator_that_is_left_early_is_closed():
    """Its own finally runs, and no end is told."""
    heard, closed = Heard(), []

    def pieces():
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    reading = heard.scoped(pieces, "pieces")()
    next(reading)
    reading.close()

    assert (closed, heard.ended) == ([True], [])


def test_a_node_that_fails_has_no_end():
    """It is told that it began only, and its error is its own."""
    heard = Heard()

    def digest():
        raise ValueError("no text")

    with pytest.raises(ValueError, match="no text"):
        heard.scoped(digest, "digest")()

    assert (heard.begun, heard.ended) == (["digest"], [])


def watched(built, heard):
    """The driver with its nodes replaced as the engine does it."""
    for node in built.graph.nodes.values():
        if not node.user_defined:
            node._callable = heard.scoped(node.callable, node.name)
    return built


def test_nodes_of_a_parallel_dataflow_are_told_apart():
    """Calls of the repeated node in Hamilton's threads carry its name, and those of the collecting node its own."""

    def passage(text: str) -> Parallelizable[str]:
        """Each word."""
        yield from text.split()

    def note(passage: str) -> str:
        """About one word."""
        return ask(passage)

    def guide(note: Collect[str]) -> str:
        """About all."""
        return ask(" and ".join(sorted(note)))

    handler, heard = ScriptedHandler(), Heard()
    module = ad_hoc_utils.create_temporary_module(passage, note, guide)
    builder = driver.Builder().with_modules(module).enable_dynamic_execution(allow_experimental_mode=True)
    built = watched(builder.with_remote_executor(MultiThreadingExecutor(max_tasks=2)).build(), heard)

    with current(handler):
        built.execute(["guide"], inputs={"text": "oak elm"})

    assert handler.nodes == {"oak": "note", "elm": "note", "Heard: elm and Heard: oak": "guide"}
    assert sorted(heard.begun) == ["guide", "note", "note", "passage"]


def test_nodes_of_an_async_dataflow_are_told_apart():
    """Two nodes that are awaited at the same time keep their names over their awaits."""

    async def left(text: str) -> str:
        """One."""
        return await ask_async(f"left {text}")

    async def right(text: str) -> list[str]:
        """Two at once."""
        return await asyncio.gather(ask_async(f"right {text} 1"), ask_async(f"right {text} 2"))

    def both(left: str, right: list[str]) -> str:
        """Not async."""
        return ask(f"both {len(right)}")

    handler, heard = ScriptedHandler(), Heard()
    module = ad_hoc_utils.create_temporary_module(left, right, both)
    built = watched(async_driver.AsyncDriver({}, module, result_builder=base.DictResult()), heard)

    with current(handler):
        asyncio.run(built.execute(["both"], inputs={"text": "oak"}))

    assert handler.nodes == {"left oak": "left", "right oak 1": "right", "right oak 2": "right", "both 2": "both"}
    assert sorted(name for name, _ in heard.ended) == ["both", "left", "right"]
