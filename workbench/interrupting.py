"""Ctrl+C as a request, which can't come at a moment in which nobody handles it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def on_interrupt(stop: Callable[[], object]) -> Iterator[None]:
    """While the block runs, the first Ctrl+C calls `stop`, in a thread of its own; a second one interrupts as ever.

    As an exception it would be raised wherever the main thread is: between two statements that belong together, or
    where Python lets no exception out. Where nobody listens to Ctrl+C, and outside of the main thread, nothing is done.
    """
    before = signal.getsignal(signal.SIGINT)
    if before in (None, signal.SIG_IGN) or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        threading.Thread(target=stop, name="interrupted").start()

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
