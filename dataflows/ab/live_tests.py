"""A/B tests in a running service: who gets which arm, and what became of it; nothing here fails a request."""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dataflows.ab.assignment import arm_of, unit_hash
from dataflows.ab.checks import check_name
from dataflows.ab.database import ABDatabase
from dataflows.ab.delivery import MOST_WAITING, Delivery
from dataflows.ab.known_test import KnownTest
from dataflows.ab.occasions import SeenOccasions, occasion
from dataflows.ab.records import ABTestError, Assignment
from dataflows.ab.rows import Exposure, Outcome, Row, write_rows
from dataflows.ab.store import ABTests

MAX_AGE_SECONDS = 30.0
_EXIT_SECONDS = 5.0
_logger = logging.getLogger(__name__)


class LiveTests:
    """The tests of a database, for a service with any number of threads.

    A change of weights, a stop and the kill switch are seen within max_age_seconds. While the database is away, what
    was last known counts that long; then everybody gets the control arm.

    Args:
        url: "sqlite:///relative/path", "sqlite:////absolute/path", a plain path, or "postgresql://user@host/database".
        max_age_seconds: How old what is known of a test may be.
        key: Secret by which units are hashed, the same in all services.
        most_waiting: Exposures and outcomes that wait for the database at once.
        clock: Seconds since 1970-01-01 UTC.
    """

    def __init__(
        self,
        url: str | Path,
        *,
        max_age_seconds: float = MAX_AGE_SECONDS,
        key: bytes = b"",
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = ABDatabase(url)
        self._tests = ABTests(self._database)
        self._max_age_seconds = max_age_seconds
        self._key = key
        self._clock = clock
        self._known: dict[str, KnownTest] = {}
        self._guard = threading.Lock()
        self._seen = SeenOccasions()
        self.delivery = Delivery(self._write, most_waiting)
        atexit.register(self.flush, _EXIT_SECONDS)

    @property
    def place(self) -> str:
        """Where the tests are, without a password.

        Raises:
            ABTestError: The address is none.
        """
        return self._database.place

    def assign(self, test: str, unit: str) -> Assignment:
        """The arm of a unit; nothing is logged.

        Args:
            test: Its name.
            unit: A user's id, or a request's; who has none gets the control arm.
        """
        found, still_counts = self._known_test(test).get()
        hashed = unit_hash(test, unit, self._key)
        if found is None:
            return Assignment(test, hashed, None, False)
        if found.state != "running" or not still_counts or not unit:
            return Assignment(test, hashed, found.control, False)
        return Assignment(test, hashed, found.arm(arm_of(test, found.weights, unit)), True)

    def exposed(self, assignment: Assignment, request_id: str = "") -> None:
        """Log that a unit was answered with its arm; who isn't split isn't logged.

        Args:
            assignment: Its.
            request_id: Logged once for each; without it once a day (UTC).
        """
        if not assignment.is_split or assignment.arm is None:
            return
        now = self._clock()
        exposure = Exposure(assignment.test, assignment.unit, occasion(now, request_id), assignment.arm.name, now)
        if self._seen.is_new(exposure) and self.delivery.give(exposure):
            self._seen.add(exposure)

    def outcome(self, test: str, unit: str, name: str, value: float) -> bool:
        """Log what became of a unit; the first of a name counts, as people look at the test while it runs.

        Args:
            test: Its name.
            unit: As for assign.
            name: Of the outcome, "helpful" for example.
            value: 0 to 1; a yes is 1.

        Returns:
            False where it was refused, which is logged: a name or value makes no sense, or too many wait.
        """
        try:
            check_name("A/B test", test)
            check_name("outcome", name)
            if not (unit and isinstance(value, int | float) and 0 <= value <= 1):
                raise ABTestError(f"an outcome needs a unit and a value from 0 to 1; {name} has {str(value)[:40]!a}")
        except (ABTestError, TypeError) as error:
            _logger.warning("an outcome was refused: %s", error)
            return False
        return self.delivery.give(Outcome(test, name, unit_hash(test, unit, self._key), float(value), self._clock()))

    def flush(self, seconds: float = 10.0) -> bool:
        """Whether all that was logged is in the database within this time."""
        return self.delivery.flush(seconds)

    def _known_test(self, name: str) -> KnownTest:
        with self._guard:
            if name not in self._known:
                self._known[name] = KnownTest(lambda: self._tests.current(name), self._max_age_seconds)
            return self._known[name]

    def _write(self, rows: Sequence[Row]) -> None:
        with self._database.writing() as connection:
            write_rows(connection, rows)
