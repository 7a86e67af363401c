"""Records on their way to a sink; one that hangs holds up nobody."""

import logging
import time
from collections.abc import Callable, Sequence
from contextvars import Context

from dataflows.delivery import DeliveryQueue, Manner
from dataflows.redaction import redact
from dataflows.tracker.cleaning import known_keys
from dataflows.tracker.current import outside
from dataflows.tracker.records import RunRecord
from dataflows.tracker.sink import Sink

MOST_WAITING = 1_000
"""Runs; the oldest are dropped beyond."""
_PAUSE_SECONDS = 0.02
"""So that the run's own thread can answer whoever waits for it before the record is made: Python runs one at a time."""
_logger = logging.getLogger(__name__)

_Waiting = tuple[Callable[[], RunRecord], Context]


class Delivery:
    """The way to one sink.

    Args:
        sink: Takes the records.
        most_waiting: Records that wait at once; the oldest are dropped beyond.
    """

    def __init__(self, sink: Sink, most_waiting: int = MOST_WAITING) -> None:
        self.sink = sink
        self.written = self.failed = self.dropped = 0
        self._most_waiting = most_waiting
        self._is_failing = False
        manner = Manner(most_waiting, True, batch=1, pause_seconds=_PAUSE_SECONDS, name="tracker", begin_in=outside)
        self._queue: DeliveryQueue[_Waiting] = DeliveryQueue(self._deliver, manner)

    def give(self, record: Callable[[], RunRecord], context: Context) -> None:
        """Have it written soon.

        Args:
            record: Makes the record; called in the thread of the delivery.
            context: In which the sink writes it.
        """
        taken = self._queue.give((record, context))
        if taken != "taken":
            self.dropped += 1
        if taken == "full for the first time":
            _logger.warning("%s is too slow: %d runs wait, the oldest are dropped", self.sink.name, self._most_waiting)

    def flush(self, seconds: float) -> bool:
        """Whether all that was given has been written, or has failed, within this time."""
        until = time.monotonic() + seconds
        is_done = self._queue.flush(seconds)
        if is_done:
            try:
                self.sink.flush(max(0.0, until - time.monotonic()))
            except Exception as error:  # noqa: BLE001 a sink that fails never fails the service
                self._note_failure(error)
        return is_done

    def _deliver(self, batch: Sequence[_Waiting]) -> bool:
        for record, context in batch:
            context.run(self._write, record)
        return True

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
