"""A bounded queue that one thread works off, so that who gives something is never held up."""

import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

_T = TypeVar("_T")

_IDLE_SECONDS = 30.0
_RETRY_SECONDS = 2.0

Taken = Literal["taken", "full", "full for the first time"]
"""Whether a thing was queued, and whether something is lost for the first time since there was room."""


@dataclass(frozen=True)
class Manner:
    """How a queue is worked off."""

    most_waiting: int
    """Things that wait at once."""
    drops_oldest: bool
    """When it is full; else new things are refused."""
    batch: int
    """Things worked off in one go at most."""
    pause_seconds: float
    """Before each batch, unless somebody waits for the end."""
    name: str
    """Of the thread."""
    begin_in: Callable[[], AbstractContextManager[object]] = nullcontext
    """The context in which the thread is begun."""


class DeliveryQueue(Generic[_T]):
    """Its thread begins with the first thing and ends when there was none for a while.

    Args:
        work: Works off some things, in their order; False: they are tried again later. It raises nothing.
        manner: How.
    """

    _changed: threading.Condition
    _waiting: deque[_T]
    _busy: Sequence[_T]
    _flushing: int
    _is_full: bool
    _thread: threading.Thread | None

    def __init__(self, work: Callable[[Sequence[_T]], bool], manner: Manner) -> None:
        self._work, self._manner = work, manner
        self._begin_anew()
        # A forked child has none of its parent's threads; what waits is the parent's to work off.
        if hasattr(os, "register_at_fork"):
            own = weakref.ref(self)
            os.register_at_fork(after_in_child=lambda: own() and own()._begin_anew())  # type: ignore[union-attr]

    def give(self, thing: _T) -> Taken:
        """Have it worked off soon."""
        drops = self._manner.drops_oldest
        with self._changed:
            # What is being worked off can't be dropped, but it may have to wait again.
            is_full = len(self._waiting) + (0 if drops else len(self._busy)) >= self._manner.most_waiting
            if is_full and drops:
                self._waiting.popleft()
            if drops or not is_full:
                self._waiting.append(thing)
            is_news, self._is_full = is_full and not self._is_full, is_full
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=self._manner.name, daemon=True)
                with self._manner.begin_in():
                    self._thread.start()
            self._changed.notify_all()
        return "full for the first time" if is_news else "full" if is_full else "taken"

    def flush(self, seconds: float) -> bool:
        """Whether all that was given has been worked off within this time."""
        with self._changed:
            self._flushing += 1
            self._changed.notify_all()
            is_done = self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)
            self._flushing -= 1
        return is_done

    def _begin_anew(self) -> None:
        self._changed = threading.Condition()
        self._waiting = deque()
        self._busy = ()
        self._flushing = 0
        self._is_full = False
        self._thread = None

    def _run(self) -> None:
        changed = self._changed
        while True:
            with changed:
                if not changed.wait_for(lambda: self._waiting, _IDLE_SECONDS):
                    self._thread = None
                    return
                changed.wait_for(lambda: self._flushing, self._manner.pause_seconds)
                count = min(self._manner.batch, len(self._waiting))
                self._busy = [self._waiting.popleft() for _ in range(count)]
            is_done = self._work(self._busy)
            with changed:
                if not is_done:
                    self._waiting.extendleft(reversed(self._busy))
                self._busy = ()
                changed.notify_all()
            if not is_done:
                time.sleep(_RETRY_SECONDS)
