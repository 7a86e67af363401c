"""How many calls a second an endpoint takes, learnt from when it refuses them for their rate.

An endpoint that counts calls has nothing left to give when it refuses one. So between two refusals it took what it
takes in that time, give or take a call. That is the pace. A faster one is tried little by little, 2 % more in the first
round of answers, 4 % in the second, and so on, until a refusal tells the pace anew.

A refusal can't be about the pace when no more calls were sent than the pace allows: it came by chance, or others share
the endpoint. As long as most calls get through, such refusals don't slow the pace down.
"""

import math
from dataclasses import dataclass

_SHORTEST_MEASURE = 0.1
_FEWEST_CALLS = 5
"""Seconds and calls between two refusals; in less, one call more or less makes too much of a difference."""
_FASTER_EACH_ROUND = 0.02
_FEWEST_IN_A_ROUND = 4.0
"""Answers; an endpoint that takes a call now and then is not to be tried with each of them."""
_TOO_MANY = 0.5
"""Calls beyond the pace; at one, an endpoint that counts refuses it."""
_MOST_GET_THROUGH = 0.25
"""The share of refused calls up to which that can be said."""


@dataclass(frozen=True)
class Sent:
    """A call that was let through to the endpoint."""

    number: int
    """From 1, in the order of sending."""
    at: float
    """Seconds on the clock of whoever counts."""


class Pace:
    """Calls a second; infinite as long as nothing is known."""

    def __init__(self) -> None:
        self.calls_per_second = self._measured = math.inf
        self._rounds = 0.0  # of answers since the measure
        self._mark: Sent | None = None  # the refused call at which the measure ended, and the next one begins
        self._refused = 0  # after the mark
        self._by_chance = False  # one of those

    def refused(self, call: Sent, *, is_news: bool) -> bool:
        """A call was refused for the rate of calls.

        Args:
            call: Which.
            is_news: It was sent after the last refusal that was news had come.

        Returns:
            Whether that can have been about the rate; False: it came by chance.
        """
        if self._mark and call.number > self._mark.number:
            self._refused += 1
        if not is_news:
            return True
        if self._mark is None:
            self._mark = call
        elif self._kept_to_the_pace(self._mark, call):
            self._by_chance = True
            return False
        elif self._measure(self._mark, call):
            self._mark, self._refused, self._by_chance = call, 0, False
        return True

    def idled(self) -> None:
        """Fewer calls were sent than the endpoint takes, so nothing can be measured from before."""
        self._mark, self._refused, self._by_chance = None, 0, False

    def answered(self, round_trip: float, most_at_once: int) -> None:
        """A call was answered: try a faster pace, and forget it once it is far beyond what can be sent anyway.

        Args:
            round_trip: Seconds that a call takes.
            most_at_once: Calls at a time.
        """
        if self.calls_per_second == math.inf:
            return
        at_once = self.calls_per_second * round_trip
        share = 1 / max(_FEWEST_IN_A_ROUND, at_once)
        self._rounds += share
        self.calls_per_second *= 1 + _FASTER_EACH_ROUND * self._rounds * share
        if at_once > 2 * most_at_once:
            self.calls_per_second = self._measured = math.inf

    def _most_get_through(self, mark: Sent, call: Sent) -> bool:
        return self._refused <= 1 + _MOST_GET_THROUGH * (call.number - mark.number)

    def _kept_to_the_pace(self, mark: Sent, call: Sent) -> bool:
        """Whether no more calls were sent than the pace allows, and most got through."""
        if self._measured == math.inf or not self._most_get_through(mark, call):
            return False
        return call.number - mark.number - 1 - self._measured * (call.at - mark.at) < _TOO_MANY

    def _measure(self, mark: Sent, call: Sent) -> bool:
        """Whether enough calls were taken for a measure."""
        seconds = call.at - mark.at
        # One less than were taken: a part of the first was there before.
        taken = call.number - mark.number - self._refused - 1
        if taken < _FEWEST_CALLS or seconds < _SHORTEST_MEASURE:
            return False
        measured = taken / seconds
        if self._by_chance and self._most_get_through(mark, call):
            measured = max(measured, self.calls_per_second)
        self.calls_per_second = self._measured = measured
        self._rounds = 0.0
        return True
