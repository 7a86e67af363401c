"""Functions of nodes that know whose they are."""

import functools
import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any

from workbench.interception.scope import node_scope

OnBegin = Callable[[str], None]
OnEnd = Callable[[str, float, Any], None]


def scoped(function: Callable[..., Any], name: str, on_begin: OnBegin, on_end: OnEnd) -> Callable[..., Any]:
    """The function, run in the scope of its node and timed; plain, async, or a generator, as it was.

    Args:
        function: Of the node.
        name: Of the node.
        on_begin: Told when it begins; in the thread it runs in.
        on_end: Told of its seconds and its value; not when it fails. A generator's items come as a list, its seconds
            are without those of whoever takes them.
    """
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*given: Any, **named: Any) -> Any:
            with node_scope(name):
                on_begin(name)
                started = time.perf_counter()
                value = await function(*given, **named)
                on_end(name, time.perf_counter() - started, value)
                return value

        return awaited

    @functools.wraps(function)
    def called(*given: Any, **named: Any) -> Any:
        with node_scope(name):
            on_begin(name)
            started = time.perf_counter()
            value = function(*given, **named)
            if inspect.isgenerator(value):
                return _items(value, name, on_end)
            on_end(name, time.perf_counter() - started, value)
            return value

    return called


def _items(generator: Iterator[Any], name: str, on_end: OnEnd) -> Iterator[Any]:
    given, seconds = [], 0.0
    while True:
        started = time.perf_counter()
        # Not around the yield: whoever takes the item is another node.
        with node_scope(name):
            try:
                item = next(generator)
            except StopIteration:
                break
            finally:
                seconds += time.perf_counter() - started
        given.append(item)
        yield item
    on_end(name, seconds, given)
