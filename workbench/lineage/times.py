"""Times that others claim: of commits, modules and services, whose clocks may say anything."""

_LAST_SECOND = 253_402_214_400.0
"""Begin of the last day of the year 9999 in UTC, which every time zone can show."""


def datable(seconds: float) -> float:
    """Seconds since the epoch that can be shown as a date anywhere; 0 for those that can't."""
    return seconds if 0.0 <= seconds <= _LAST_SECOND else 0.0
