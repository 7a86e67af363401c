"""How many calls at a time, and how soon after one another, one endpoint is sent.

1. `allowed` calls at a time, as fast as answers come, until one is refused for the rate of calls (429).
2. A refusal halves the places. Calls that were sent before the last halving don't halve them again.
3. Each answer gives one place back up to what there was before, then each round of answers gives one more. Meanwhile
   calls are not sent in bursts but evenly, places ÷ round trip a second: a refusal is mostly heard before the next call
   is sent.
4. From the second refusal on, calls keep to the endpoint's own pace, see pace.py. Without it, the places would have to
   swing between too few and too many.
5. What an endpoint asks to wait, all calls wait. Where everything is refused and no time is named, the waits double.
"""

import math
import time
from collections.abc import Callable

from workbench.engine.pace import Pace, Sent
from workbench.models.retries import LONGEST_ASKED_WAIT, backoff_seconds

_CALM_ROUNDS = 10
"""Rounds of answers without a refusal after which calls may come in bursts again."""
_NEWEST_SHARE = 0.2
"""Of the last round trip in the mean of all."""


class CallLimit:
    """What one endpoint takes, learnt from how it answers.

    Args:
        allowed: The most calls at a time, at least 1.
        first_backoff: Seconds of the first wait when everything is refused.
        clock: Seconds that never go back.
    """

    def __init__(self, allowed: int, first_backoff: float = 0.5, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed, self._first_backoff, self._clock = max(1, allowed), first_backoff, clock
        self._places = self._places_before = float(self._allowed)
        self._pace = Pace()
        self._round_trip = 0.0
        self._rounds = math.inf  # since the last halving
        self._refusals_in_a_row = 0
        self._sent = self._sent_at_halving = 0
        self._next_at = self._held_until = -math.inf

    @property
    def places(self) -> int:
        """Calls at a time, from 1 to what is allowed."""
        return int(self._places)

    def wait(self, in_flight: int) -> float:
        """Seconds until another call may be sent; infinite while all places are taken."""
        return math.inf if in_flight >= self.places else self.closed_for()

    def closed_for(self) -> float:
        """Seconds for which no call may be sent, however many places are free."""
        return max(0.0, max(self._held_until, self._next_at) - self._clock())

    def hold(self, seconds: float) -> None:
        """Send nothing for so long, 120 s at most."""
        self._held_until = max(self._held_until, self._clock() + min(seconds, LONGEST_ASKED_WAIT))

    def sent(self, *, idled: bool = False) -> Sent:
        """A call is sent now.

        Args:
            idled: No call was waiting before it.
        """
        if idled:
            self._pace.idled()
        now = self._clock()
        self._sent += 1
        self._next_at = max(self._next_at, now) + self._interval()
        return Sent(self._sent, now)

    def answered(self, call: Sent) -> None:
        """A call was answered."""
        seconds = max(self._clock() - call.at, 1e-3)
        self._round_trip += (seconds - self._round_trip) * (_NEWEST_SHARE if self._round_trip else 1.0)
        self._refusals_in_a_row = 0
        self._rounds += 1 / self._places
        step = 1.0 if self._places < self._places_before else 1 / self._places
        self._places = min(self._allowed, self._places + step)
        self._pace.answered(self._round_trip, self._allowed)

    def refused(self, call: Sent, asked: float | None = None) -> None:
        """A call was refused for the rate of calls.

        Args:
            call: Which.
            asked: Seconds that the endpoint asks to wait.
        """
        if asked is not None:
            self.hold(asked)
        is_news = call.number > self._sent_at_halving
        by_chance = not self._pace.refused(call, is_news=is_news)
        if not is_news:
            return
        if not by_chance:
            self._places_before = self._places
        self._places = max(1.0, self._places / 2)
        self._sent_at_halving = self._sent
        self._rounds = 0.0
        self._next_at = max(self._next_at, self._clock() + self._interval())
        self._refusals_in_a_row += 1
        if self._refusals_in_a_row > 1 and asked is None:
            self.hold(backoff_seconds(self._refusals_in_a_row - 1, self._first_backoff))

    def _interval(self) -> float:
        """Seconds from one call to the next; 0 when they may come in bursts."""
        even = self._round_trip / self._places if self._rounds < _CALM_ROUNDS else 0.0
        return max(even, 1 / self._pace.calls_per_second)
