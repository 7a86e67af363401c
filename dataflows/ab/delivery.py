"""Exposures and outcomes on their way to the database, which holds up no request."""

import logging
from collections.abc import Callable, Sequence

from dataflows.ab.rows import Row
from dataflows.delivery import DeliveryQueue, Manner
from dataflows.redaction import redact

MOST_WAITING = 20_000
"""Rows; beyond, new ones are refused."""
_BATCH = 500
_PAUSE_SECONDS = 0.05
"""So that rows of several requests share a transaction."""
_logger = logging.getLogger(__name__)


class Delivery:
    """Writes rows soon, in the order they came; while the database is away they wait, as writing is repeated then.

    Args:
        write: Writes rows in one transaction; twice the same must do no harm.
        most_waiting: Rows that wait at once.
    """

    def __init__(self, write: Callable[[Sequence[Row]], None], most_waiting: int = MOST_WAITING) -> None:
        self._write = write
        self._most_waiting = most_waiting
        self._is_failing = False
        self.written = self.refused = 0
        manner = Manner(most_waiting, drops_oldest=False, batch=_BATCH, pause_seconds=_PAUSE_SECONDS, name="ab-rows")
        self._queue: DeliveryQueue[Row] = DeliveryQueue(self._try, manner)

    def give(self, row: Row) -> bool:
        """Have it written soon; False where too many wait."""
        taken = self._queue.give(row)
        if taken == "taken":
            return True
        self.refused += 1
        if taken == "full for the first time":
            said = "%d rows of A/B tests wait for the database; new ones are lost until it takes them"
            _logger.warning(said, self._most_waiting)
        return False

    def flush(self, seconds: float) -> bool:
        """Whether all that was given has been written within this time."""
        return self._queue.flush(seconds)

    def _try(self, batch: Sequence[Row]) -> bool:
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001 a database that fails never fails the service
            if not self._is_failing:
                self._is_failing = True
                _logger.warning("rows of A/B tests wait until they can be written: %s", redact(str(error)[:500]))
            return False
        self.written += len(batch)
        if self._is_failing:
            self._is_failing = False
            _logger.info("rows of A/B tests are written again")
        return True
