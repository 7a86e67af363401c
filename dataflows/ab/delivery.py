"""Exposures and outcomes on their way to the database: a bounded queue and one thread, which holds up no request."""

import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

from dataflows.ab.rows import Row
from dataflows.redaction import redact

MOST_WAITING = 20_000
"""Rows; beyond, new ones are refused."""
_BATCH = 500
_IDLE_SECONDS = 30.0
_PAUSE_SECONDS = 0.05
"""Before a batch, so that rows of several requests share a transaction."""
_RETRY_SECONDS = 2.0
_logger = logging.getLogger(__name__)


class Delivery:
    """Writes rows soon, in the order they came; while the database is away they wait, as writing is repeated then.

    Args:
        write: Writes rows in one transaction; twice the same must do no harm.
        most_waiting: Rows that wait at once.
    """

    _changed: threading.Condition
    _waiting: deque[Row]
    _flushing: int
    _is_full: bool
    _is_failing: bool
    _thread: threading.Thread | None

    def __init__(self, write: Callable[[Sequence[Row]], None], most_waiting: int = MOST_WAITING) -> None:
        self._write = write
        self._most_waiting = most_waiting
        self.written = self.refused = 0
        self._begin_anew()
        # A forked child has none of its parent's threads; the waiting rows are the parent's to write.
        if hasattr(os, "register_at_fork"):
            own = weakref.ref(self)
            os.register_at_fork(after_in_child=lambda: own() and own()._begin_anew())  # type: ignore[union-attr]

    def give(self, row: Row) -> bool:
        """Have it written soon; False where too many wait."""
        with self._changed:
            if is_full := len(self._waiting) >= self._most_waiting:
                self.refused += 1
            else:
                self._waiting.append(row)
            tell, self._is_full = is_full and not self._is_full, is_full
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="ab-rows", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        if tell:
            said = "%d rows of A/B tests wait for the database; new ones are lost until it takes them"
            _logger.warning(said, self._most_waiting)
        return not is_full

    def flush(self, seconds: float) -> bool:
        """Whether all that was given has been written within this time."""
        with self._changed:
            self._flushing += 1
            self._changed.notify_all()
            is_done = self._changed.wait_for(lambda: not self._waiting, seconds)
            self._flushing -= 1
        return is_done

    def _begin_anew(self) -> None:
        self._changed = threading.Condition()
        self._waiting = deque()
        self._flushing = 0
        self._is_full = self._is_failing = False
        self._thread = None

    def _work(self) -> None:
        changed = self._changed
        while True:
            with changed:
                if not changed.wait_for(lambda: self._waiting, _IDLE_SECONDS):
                    self._thread = None
                    return
                changed.wait_for(lambda: self._flushing, _PAUSE_SECONDS)
                batch = list(islice(self._waiting, _BATCH))
            if self._try(batch):
                with changed:
                    for _ in batch:
                        self._waiting.popleft()
                    self.written += len(batch)
                    changed.notify_all()
            else:
                time.sleep(_RETRY_SECONDS)

    def _try(self, batch: Sequence[Row]) -> bool:
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001 a database that fails never fails the service
            if not self._is_failing:
                self._is_failing = True
                _logger.warning("rows of A/B tests wait until they can be written: %s", redact(str(error)[:500]))
            return False
        if self._is_failing:
            self._is_failing = False
            _logger.info("rows of A/B tests are written again")
        return True
