"""A computation that several threads need and one of them makes."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from workbench.errors import WorkbenchError

_T = TypeVar("_T")


class Once(Generic[_T]):
    """The value of a computation that runs at most once, whoever asks first; its error is everyone's.

    Args:
        compute: What to run. A WorkbenchError it raises is kept; after any other error it runs again.
    """

    def __init__(self, compute: Callable[[], _T]) -> None:
        self._compute = compute
        self._lock = threading.Lock()
        self._outcomes: list[_T | WorkbenchError] = []

    def value(self) -> _T:
        """What was computed; waits while another thread computes it."""
        with self._lock:
            if not self._outcomes:
                try:
                    self._outcomes.append(self._compute())
                except WorkbenchError as error:
                    self._outcomes.append(error)
        outcome = self._outcomes[0]
        if isinstance(outcome, WorkbenchError):
            raise outcome
        return outcome
