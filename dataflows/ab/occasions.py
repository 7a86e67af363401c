"""Occasions at which a unit is exposed: a day, or a request; each is logged once."""

import hashlib
import threading
from collections import OrderedDict
from datetime import UTC, datetime

from dataflows.ab.rows import Exposure

_MOST_SEEN = 50_000


def occasion(at: float, request_id: str = "") -> str:
    """The hash of the request's id; without one the day in UTC.

    Args:
        at: Seconds since 1970-01-01 UTC.
        request_id: May be anything.
    """
    if request_id:
        return hashlib.sha256(request_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return datetime.fromtimestamp(at, UTC).date().isoformat()


class SeenOccasions:
    """The last 50,000 exposures of this process; what is older is sent again, and the database keeps the first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        self._guard = threading.Lock()

    def is_new(self, exposure: Exposure) -> bool:
        """Whether its unit wasn't seen at its occasion."""
        with self._guard:
            return _key(exposure) not in self._seen

    def add(self, exposure: Exposure) -> None:
        """It is on its way to the database."""
        with self._guard:
            self._seen[_key(exposure)] = None
            if len(self._seen) > _MOST_SEEN:
                self._seen.popitem(last=False)


def _key(exposure: Exposure) -> tuple[str, str, str]:
    return exposure.test, exposure.unit, exposure.occasion
