"""Which run, and which node of it, a piece of code belongs to; threads begun in a run belong to it too."""

import concurrent.futures
import itertools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, copy_context
from typing import Any

from workbench.errors import WorkbenchError
from workbench.interception.handler import CallHandler

Order = tuple[int, ...]


class RunEndedError(BaseException):
    """The run is over. No Exception, so that a dataflow that goes on after any error does not go on after this."""

    def __init__(self, cause: WorkbenchError) -> None:
        super().__init__(cause.message)
        self.cause = cause


class RunScope:
    """One run: who answers its calls, and why it is over."""

    def __init__(self, handler: CallHandler) -> None:
        self.handler = handler
        self.ended: WorkbenchError | None = None
        """None while it goes on."""

    def end(self, cause: WorkbenchError) -> RunEndedError:
        """It is over; what to raise in the code that called. The first cause stays."""
        self.ended = self.ended or cause
        return RunEndedError(self.ended)


_run: ContextVar[RunScope | None] = ContextVar("run", default=None)
_node: ContextVar[str] = ContextVar("node", default="")
_order: ContextVar[Order] = ContextVar("order", default=())
_submitted = itertools.count()
_installing = threading.Lock()


@contextmanager
def current(handler: CallHandler) -> Iterator[None]:
    """Inside, and in threads and tasks begun there, calls go to the handler.

    Raises:
        WorkbenchError: Why the run ended before its code did, whatever that made of it: a task group wraps what its
            tasks raise, asyncio.gather can give it back as a value, a thread keeps it to itself.
    """
    follow_threads()
    scope = RunScope(handler)
    tokens = _run.set(scope), _node.set(""), _order.set(())
    try:
        yield
    except (Exception, RunEndedError, BaseExceptionGroup):
        if scope.ended is None:
            raise
    finally:
        _run.reset(tokens[0])
        _node.reset(tokens[1])
        _order.reset(tokens[2])
    if scope.ended:
        raise scope.ended


@contextmanager
def outside() -> Iterator[None]:
    """Inside, and in threads and tasks begun there, calls belong to no run."""
    token = _run.set(None)
    try:
        yield
    finally:
        _run.reset(token)


@contextmanager
def node_scope(name: str) -> Iterator[None]:
    """Inside, and in threads and tasks begun there, code belongs to this node."""
    token = _node.set(name)
    try:
        yield
    finally:
        _node.reset(token)


def current_run() -> RunScope | None:
    """The run that calls made here belong to; None outside of one."""
    return _run.get()


def current_node() -> str:
    """The node that the code here belongs to; empty outside of one."""
    return _node.get()


def current_order() -> Order:
    """Sorts calls as their work was handed to threads, in whatever order the threads came to it."""
    return _order.get()


def follow_threads() -> None:
    """From now on a thread, or a job of a thread pool, belongs to the run in which it was begun; once per process.

    Python gives a thread an empty context. Not followed: other processes, whose calls go to the network, and jobs of a
    multiprocessing.pool.ThreadPool, which belong to the run in which the pool was made.
    """
    with _installing:
        if getattr(threading.Thread.start, "_follows_runs", False):
            return
        submit, start = concurrent.futures.ThreadPoolExecutor.submit, threading.Thread.start

        def submit_following(
            self: concurrent.futures.ThreadPoolExecutor, fn: Callable[..., Any], /, *given: Any, **named: Any
        ) -> Any:
            if _run.get() is None:
                return submit(self, fn, *given, **named)
            job = copy_context()
            job.run(_order.set, (*_order.get(), next(_submitted)))
            with outside():  # a new worker thread serves others later
                return submit(self, job.run, fn, *given, **named)

        def start_following(self: threading.Thread) -> None:
            if _run.get() is not None:
                context, run = copy_context(), self.run
                context.run(_order.set, (*_order.get(), next(_submitted)))

                def run_following() -> None:
                    with suppress(RunEndedError):  # the run tells of it; a thread would print it
                        context.run(run)

                self.run = run_following  # type: ignore[method-assign]
            start(self)

        start_following._follows_runs = True  # type: ignore[attr-defined]
        concurrent.futures.ThreadPoolExecutor.submit = submit_following  # type: ignore[method-assign,assignment]
        threading.Thread.start = start_following  # type: ignore[method-assign]
        # A forked child has the context of the thread that forked, but none of the threads that would answer.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=lambda: _run.set(None))
