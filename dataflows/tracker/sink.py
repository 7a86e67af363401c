"""Where records of runs go."""

from abc import ABC, abstractmethod

from dataflows.tracker.records import RunRecord


class Sink(ABC):
    """Takes records, one after another, in a thread of its own; what it raises is logged, and no run sees it."""

    @abstractmethod
    def write(self, record: RunRecord) -> None:
        """Take a record. Called in the context in which the run began, so that its context variables are as then."""

    def flush(self, seconds: float) -> None:  # noqa: B027 most have nothing to send on
        """Send on what was taken; called when the process ends, too."""

    @property
    def name(self) -> str:
        """What the log calls it; without a password."""
        return type(self).__name__
