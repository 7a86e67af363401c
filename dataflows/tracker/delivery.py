"""Records on their way to a sink: a bounded queue and one thread, so that a sink that hangs holds up nobody."""

import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextvars import Context

from dataflows.redaction import redact
from dataflows.tracker.cleaning import known_keys
from dataflows.tracker.current import outside
from dataflows.tracker.records import RunRecord
from dataflows.tracker.sink import Sink

MOST_WAITING = 1_000
"""Runs; the oldest are dropped beyond."""
_IDLE_SECONDS = 30.0
_PAUSE_SECONDS = 0.02
"""Before a record is made, so that the run's own thread can answer whoever waits for it: Python runs one at a time."""
_logger = logging.getLogger(__name__)


class Delivery:
    """The way to one sink; its thread begins with the first record and ends when there was none for a while.

    Args:
        sink: Takes the records.
        most_waiting: Records that wait at once; the oldest are dropped beyond.
    """

    def __init__(self, sink: Sink, most_waiting: int = MOST_WAITING) -> None:
        self.sink = sink
        self.written = self.failed = self.dropped = 0
        self._most_waiting = most_waiting
        self._is_failing = self._is_dropping = False
        self._thread: threading.Thread | None = None
        self._begin_anew()
        # A forked child has none of its parent's threads; the waiting records are the parent's to write.
        if hasattr(os, "register_at_fork"):
            own = weakref.ref(self)
            os.register_at_fork(after_in_child=lambda: own() and own()._begin_anew())  # type: ignore[union-attr]

    def give(self, record: Callable[[], RunRecord], context: Context) -> None:
        """Have it written soon.

        Args:
            record: Makes the record; called in the thread of the delivery.
            context: In which the sink writes it.
        """
        with self._changed:
            if is_full := len(self._waiting) >= self._most_waiting:
                self._waiting.popleft()
                self.dropped += 1
            tell = is_full and not self._is_dropping
            self._is_dropping = is_full
            self._waiting.append((record, context))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="tracker", daemon=True)
                with outside():
                    self._thread.start()
            self._changed.notify_all()
        if tell:
            _logger.warning("%s is too slow: %d runs wait, the oldest are dropped", self.sink.name, self._most_waiting)

    def flush(self, seconds: float) -> bool:
        """Whether all that was given has been written, or has failed, within this time."""
        until = time.monotonic() + seconds
        with self._changed:
            self._flushing += 1
            self._changed.notify_all()
            is_done = self._changed.wait_for(lambda: not self._waiting and not self._is_busy, seconds)
            self._flushing -= 1
        if is_done:
            try:
                self.sink.flush(max(0.0, until - time.monotonic()))
            except Exception as error:  # noqa: BLE001 a sink that fails never fails the service
                self._note_failure(error)
        return is_done

    def _begin_anew(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Callable[[], RunRecord], Context]] = deque()
        self._is_busy = False
        self._flushing = 0
        self._thread = None

    def _work(self) -> None:
        changed = self._changed
        while True:
            with changed:
                if not changed.wait_for(lambda: self._waiting, _IDLE_SECONDS):
                    self._thread = None
                    return
                changed.wait_for(lambda: self._flushing, _PAUSE_SECONDS)
                record, context = self._waiting.popleft()
                self._is_busy = True
            try:
                context.run(self._write, record)
            finally:
                with changed:
                    self._is_busy = False
                    changed.notify_all()

    def _write(self, record: Callable[[], RunRecord]) -> None:
        try:
            with outside():
                self.sink.write(record())
        except Exception as error:  # noqa: BLE001 a sink that fails never fails the service
            self._note_failure(error)
            return
        self.written += 1
        if self._is_failing:
            self._is_failing = False
            _logger.info("%s takes runs again; %d were lost", self.sink.name, self.failed)

    def _note_failure(self, error: Exception) -> None:
        self.failed += 1
        if not self._is_failing:
            self._is_failing = True
            why = f"{type(error).__name__}: {redact(str(error)[:2_000], known_keys())}"
            _logger.warning("%s takes no runs, which are lost until it does: %s", self.sink.name, why)
