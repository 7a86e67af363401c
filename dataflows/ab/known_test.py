"""An A/B test as it was lately: asked for beside the requests, so that a database that hangs holds up nobody."""

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable

from dataflows.ab.records import ABTest, ABTestError, UnknownABTestError

_PATIENCE_SECONDS = 1.0
"""How long a request waits for an answer where what is known is too old."""
_RETRY_SECONDS = 2.0
_logger = logging.getLogger(__name__)


class KnownTest:
    """What is known of one test, for any number of threads.

    It is asked for again at half its age, in a thread of its own. Age counts from when the question was asked, so that
    a change made before that is never missed.

    Args:
        read: Asks the database; may raise ABTestError.
        max_age_seconds: After which an answer counts no more.
        clock: Seconds that only rise.
    """

    _changed: threading.Condition
    _asked_at: float
    _not_before: float
    """When to ask again after a failure."""
    _is_asking: bool
    _may_wait: bool

    def __init__(
        self, read: Callable[[], ABTest], max_age_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._max_age_seconds = max_age_seconds
        self._clock = clock
        self._known: ABTest | None = None
        self._is_away = False
        self._begin_anew()
        if hasattr(os, "register_at_fork"):
            own = weakref.ref(self)
            os.register_at_fork(after_in_child=lambda: own() and own()._begin_anew())  # type: ignore[union-attr]

    def get(self) -> tuple[ABTest | None, bool]:
        """The test as it was last known, and whether that still counts; None where nothing was ever known."""
        with self._changed:
            now = self._clock()
            if now - self._asked_at > self._max_age_seconds / 2 and not self._is_asking and now >= self._not_before:
                self._is_asking = True
                threading.Thread(target=self._ask, name="ab-test", daemon=True).start()
            if self._is_too_old() and self._is_asking and self._may_wait:
                # Only the first ones wait: a database that hangs must not slow down every request.
                self._may_wait = self._changed.wait_for(lambda: not self._is_asking, _PATIENCE_SECONDS)
            return self._known, not self._is_too_old()

    def _begin_anew(self) -> None:
        self._changed = threading.Condition()
        self._asked_at = self._not_before = float("-inf")
        self._is_asking = False
        self._may_wait = True

    def _is_too_old(self) -> bool:
        return self._clock() - self._asked_at > self._max_age_seconds

    def _ask(self) -> None:
        asked_at, found, problem = self._clock(), None, ""
        try:
            found = self._read()
        except UnknownABTestError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 whatever it is, requests go on
            problem = str(error) if isinstance(error, ABTestError) else type(error).__name__
        with self._changed:
            if found is not None:
                self._known, self._asked_at = found, asked_at
            self._may_wait = found is not None
            self._not_before = float("-inf") if found is not None else self._clock() + _RETRY_SECONDS
            self._is_asking = False
            is_new, self._is_away = bool(problem) != self._is_away, bool(problem)
            self._changed.notify_all()
        if is_new and problem:
            _logger.warning("%s; what was known counts for %g s, then all get control", problem, self._max_age_seconds)
        elif is_new:
            _logger.info("the A/B tests can be asked again")
