"""A stop that reaches every waiting thread at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stop:
    """Set once; whoever waits inside `calling` is told in the thread that sets it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: set[Callable[[], object]] = set()
        self._set = False

    @property
    def is_set(self) -> bool:
        """Whether somebody asked to stop."""
        return self._set

    def set(self) -> None:
        """Ask everyone to stop; a second time does nothing."""
        with self._lock:
            self._set = True
            callbacks = list(self._callbacks)
            self._callbacks.clear()
        for callback in callbacks:
            callback()

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Call back when the stop comes while the block runs; at once when it is already set."""
        with self._lock:
            already = self._set
            if not already:
                self._callbacks.add(callback)
        if already:
            callback()
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.discard(callback)
