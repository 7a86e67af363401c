"""Days and times of day as a person reads them, in the time zone of the machine."""

from collections.abc import Iterable
from datetime import date, datetime


def day(seconds: float, today: date) -> str:
    """ "today", "12 Nov", or with its year when that is another.

    Args:
        seconds: Since the epoch.
        today: What counts as today.
    """
    own = datetime.fromtimestamp(seconds).date()
    if own == today:
        return "today"
    year = "" if own.year == today.year else f" {own.year}"
    return f"{own.day} {own:%b}{year}"


def days(moments: Iterable[float], today: date) -> str:
    """From the first to the last of some moments: "12 Nov to today"; one day stands alone."""
    known = sorted(moments)
    if not known:
        return ""
    first, last = day(known[0], today), day(known[-1], today)
    return first if first == last else f"{first} to {last}"


def moment(seconds: float, today: date) -> str:
    """ "11:03" of today, "12 Nov, 11:03" of another day."""
    own = day(seconds, today)
    clock = f"{datetime.fromtimestamp(seconds):%H:%M}"
    return clock if own == "today" else f"{own}, {clock}"
