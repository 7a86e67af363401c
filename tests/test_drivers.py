"""Drivers that are looked at by many, and executed by each for itself."""

import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hamilton import ad_hoc_utils, driver
from hamilton.htypes import Collect, Parallelizable

from workbench import project_code
from workbench.graphs.drivers import driver_of
from workbench.graphs.execution import NodeWatch, execute
from workbench.graphs.task_threads import TaskThreads


class Heard(NodeWatch):
    """Counts the nodes that begin; the lock is as other threads tell of theirs."""

    def __init__(self):
        self.begun_nodes = Counter()
        self._lock = threading.Lock()

    def begun(self, name):
        with self._lock:
            self.begun_nodes[name] += 1


def plain_flow():
    def loud(text: str) -> str:
        return text.upper()

    def said(loud: str) -> str:
        return f"{loud}!"

    return ad_hoc_utils.create_temporary_module(loud, said)


def async_flow():
    async def loud(text: str) -> str:
        return text.upper()

    async def said(loud: str) -> str:
        return f"{loud}!"

    return ad_hoc_utils.create_temporary_module(loud, said)


def parallel_flow():
    def word(text: str) -> Parallelizable[str]:
        yield from text.split()

    def loud(word: str) -> str:
        return word.upper()

    def said(loud: Collect[str]) -> str:
        return f"{' '.join(loud)}!"

    return ad_hoc_utils.create_temporary_module(word, loud, said)


def test_the_same_modules_and_config_have_one_driver():
    """Whoever asks again is given the very same driver; another module or another config has one of its own."""
    module, other = plain_flow(), plain_flow()

    built = driver_of([module], {"size": 1})

    assert driver_of([module], {"size": 1}) is built
    assert driver_of([other], {"size": 1}) is not built
    assert driver_of([module], {}) is not built


@pytest.mark.parametrize("value", [True, 1.0, 2, None, "1", [1], {"one": 1}])
def test_a_driver_has_the_very_config_it_was_asked_with(value):
    """True, 1 and 1.0 are equal to Python and not to a dataflow; a list is no key, and has a driver all the same."""
    module = plain_flow()
    driver_of([module], {"size": 1})

    config = driver_of([module], {"size": value}).graph.config

    assert (config["size"], type(config["size"])) == (value, type(value))


def test_edited_code_has_another_driver(tmp_path, monkeypatch):
    """A driver is of the code that is on disk when it is asked for; after an undo it is the first one again."""
    monkeypatch.syspath_prepend(str(tmp_path))
    path = tmp_path / "drivers_flow.py"
    before, after = 'def said() -> str:\n    return "old"\n', 'def said() -> str:\n    return "new"\n'

    def given(text):
        path.write_text(text)
        built = driver_of(project_code.load(["drivers_flow"]), {})
        return built, execute(built, ["said"], {}, {})["said"]

    first, edited, undone = given(before), given(after), given(before)
    sys.modules.pop("drivers_flow")

    assert [value for _, value in (first, edited, undone)] == ["old", "new", "old"]
    assert undone[0] is first[0]


@pytest.mark.parametrize("flow", [plain_flow, async_flow, parallel_flow])
def test_executions_of_one_driver_do_not_hear_each_other(flow):
    """32 of them, eight at once: each has the value of its own text, and hears its own nodes, each once."""
    built = driver_of([flow()], {})
    heard = [Heard() for _ in range(32)]

    def work(index):
        return execute(built, ["said"], {"text": f"t{index}"}, {}, heard[index])["said"]

    with ThreadPoolExecutor(8) as threads:
        values = list(threads.map(work, range(32)))

    assert values == [f"T{index}!" for index in range(32)]
    nodes = {node.name: 1 for node in built.graph.nodes.values() if not node.user_defined}
    assert [own.begun_nodes for own in heard] == [Counter(nodes)] * 32


def test_an_execution_leaves_the_driver_as_it_was():
    """No node of the driver that was given is another one after a watched execution."""
    built = driver_of([plain_flow()], {})
    before = {node.name: (id(node), node.callable) for node in built.graph.nodes.values()}

    execute(built, ["said"], {"text": "oak"}, {}, Heard())

    assert {node.name: (id(node), node.callable) for node in built.graph.nodes.values()} == before


class CountingThreads(TaskThreads):
    """Counts how often it is asked how a task is."""

    asked = 0

    def wait_for_news(self, future):
        self.asked += 1
        super().wait_for_news(future)


def test_tasks_in_flight_are_not_asked_without_a_pause():
    """While three tasks wait, Hamilton asks a few hundred times a second how they are, and not a hundred thousand."""
    goes_on, threads = threading.Event(), CountingThreads(4)

    def word(text: str) -> Parallelizable[str]:
        yield from text.split()

    def loud(word: str) -> str:
        return word.upper() if goes_on.wait(10) else ""

    def said(loud: Collect[str]) -> str:
        return " ".join(loud)

    module = ad_hoc_utils.create_temporary_module(word, loud, said)
    builder = driver.Builder().with_modules(module).enable_dynamic_execution(allow_experimental_mode=True)
    built = builder.with_remote_executor(threads).build()

    threading.Timer(0.3, goes_on.set).start()
    value = built.execute(["said"], inputs={"text": "oak elm ash"})["said"]

    assert value == "OAK ELM ASH"
    assert threads.asked < 2_000
