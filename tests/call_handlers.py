"""Handlers of intercepted calls that say what a function says, and an event loop for them to ask on."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workbench.interception.asked import AskedCall
from workbench.interception.handler import CallHandler
from workbench.interception.scope import current_node
from workbench.records import Answer


def echo(asked: AskedCall) -> str:
    """The last message, after a word that no endpoint says."""
    return f"Heard: {asked.messages[-1]['content']}"


class ScriptedHandler(CallHandler):
    """Answers with a function of the call.

    Args:
        answer: Call -> text; what it raises is raised.
        finish_reason: Of every answer.
        allows: Called with the address of what passes by; what it raises is raised.
    """

    def __init__(
        self,
        answer: Callable[[AskedCall], str] = echo,
        finish_reason: str = "stop",
        allows: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._answer, self._finish_reason, self._allows = answer, finish_reason, allows
        self._lock = threading.Lock()
        self.asked: list[AskedCall] = []
        self.passed: list[str] = []
        self.nodes: dict[str, str] = {}
        """Last message of a call -> the node it was made in."""

    def answer(self, asked: AskedCall) -> Answer:
        with self._lock:
            self.asked.append(asked)
            self.nodes[asked.messages[-1]["content"]] = current_node()
        return Answer(self._answer(asked), 7, 3, 0.25, 0.1, self._finish_reason, made_at=1_700_000_000.0)

    async def answer_async(self, asked: AskedCall) -> Answer:
        return self.answer(asked)

    def passes(self, url: str) -> None:
        self._allows(url)
        with self._lock:
            self.passed.append(url)


@contextmanager
def loop_of_another_thread() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs, as the call pool has one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
