"""Which node, and which request of the service, a piece of code belongs to; threads begun in a node do so too."""

import concurrent.futures
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from dataflows.tracker.running import RunningNode

_node: ContextVar[RunningNode | None] = ContextVar("tracked_node", default=None)
_request: ContextVar[tuple[str, Mapping[str, str]]] = ContextVar("tracked_request", default=("", {}))
_installing = threading.Lock()


@contextmanager
def tracked_request(request_id: str, **tags: str) -> Iterator[None]:
    """Inside, runs are of this request of the service.

    Args:
        request_id: The service's own; at most 200 characters are told.
        tags: Whatever helps to find it: a customer, a queue.
    """
    token = _request.set((request_id, tags))
    try:
        yield
    finally:
        _request.reset(token)


def current_request() -> tuple[str, Mapping[str, str]]:
    """(id, tags) of the request that is answered here; ("", {}) outside of one."""
    return _request.get()


def current_node() -> RunningNode | None:
    """The node that the code here belongs to; None outside of a tracked run."""
    return _node.get()


def enter(node: RunningNode) -> None:
    """From now on, code here belongs to the node."""
    node.token = _node.set(node)


def leave(node: RunningNode, back_to: RunningNode | None = None) -> None:
    """No longer; nothing happens where something else is current by now."""
    if _node.get() is node:
        try:
            _node.reset(node.token)
        except ValueError:  # it was entered in another context
            _node.set(back_to)


def leave_run(run: object, back_to: RunningNode | None) -> None:
    """The run is over: where one of its nodes is current still, since it was broken off, it is no longer."""
    node = _node.get()
    if node is not None and node.run is run:
        _node.set(back_to)


@contextmanager
def outside() -> Iterator[None]:
    """Inside, and in threads begun there, code belongs to no node."""
    token = _node.set(None)
    try:
        yield
    finally:
        _node.reset(token)


def follow_threads() -> None:
    """From now on a thread, or a job of a thread pool, belongs to the node in which it was begun; once per process.

    Only that is carried over; other context variables are for the service to carry. Not followed: other processes, and
    jobs of a multiprocessing.pool.ThreadPool, which belong to the node in which the pool was made.
    """
    with _installing:
        if is_following_threads():
            return
        submit, start = concurrent.futures.ThreadPoolExecutor.submit, threading.Thread.start

        def submit_following(
            self: concurrent.futures.ThreadPoolExecutor, fn: Callable[..., Any], /, *given: Any, **named: Any
        ) -> Any:
            if (node := _node.get()) is None:
                return submit(self, fn, *given, **named)
            with outside():  # a new worker thread serves others later
                return submit(self, _in_node, node, fn, given, named)

        def start_following(self: threading.Thread) -> None:
            if (node := _node.get()) is not None:
                run = self.run

                def run_following() -> None:
                    del self.run
                    _node.set(node)
                    run()

                self.run = run_following  # type: ignore[method-assign]
            start(self)

        start_following._follows_nodes = True  # type: ignore[attr-defined]
        concurrent.futures.ThreadPoolExecutor.submit = submit_following  # type: ignore[method-assign,assignment]
        threading.Thread.start = start_following  # type: ignore[method-assign]
        # A forked child has the context of the thread that forked, but not the run's end.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=lambda: _node.set(None))


def is_following_threads() -> bool:
    """Whether follow_threads was called, and nobody has undone it."""
    return hasattr(threading.Thread.start, "_follows_nodes")


def _in_node(node: RunningNode, fn: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    token = _node.set(node)
    try:
        return fn(*given, **named)
    finally:
        _node.reset(token)
