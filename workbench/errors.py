"""Every error the workbench raises on purpose, as one tree.

A message is one plain sentence with the thing, its value and the limit; a hint says what to do next.
"""

from typing import Self


class WorkbenchError(Exception):
    """Something a person can act on.

    Args:
        message: One sentence: what happened, with the value and the limit.
        hint: What to do next, as an order; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def at(self, place: str) -> Self:
        """The same error, its message with the place in front; an empty place changes nothing."""
        if place:
            self.message = f"{place}: {self.message}"
            self.args = (self.message,)
        return self


class UsageError(WorkbenchError):
    """The command line or a form was given something that makes no sense."""


class InputError(WorkbenchError):
    """A value was given for an unknown node, is missing, or has the wrong type."""


class PromptError(WorkbenchError):
    """A template breaks the grammar, or has a slot that nothing fills, or lacks one it needs."""


class VersionError(WorkbenchError):
    """A prompts_vN.py cannot be loaded or does not fit its dataflow."""


class DataflowError(WorkbenchError):
    """A dataflow cannot be built, or one of its nodes failed."""


class ExportError(WorkbenchError):
    """A prompt module cannot be written, or what was written is not what was run."""


class StopError(WorkbenchError):
    """A person stopped the run."""


class HistoryError(WorkbenchError):
    """The history of runs can't be asked, or has no such run."""


class NotKeptError(WorkbenchError):
    """A run is to be made from kept answers, and one of them isn't there."""


class BudgetError(WorkbenchError):
    """The next call would have crossed the budget; what was answered before is kept."""


class DocumentError(WorkbenchError):
    """A file gives no document.

    Args:
        kind: "encrypted", "no text", "damaged", "limit" or "too large".
    """

    def __init__(self, kind: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.kind = kind


class ModelError(WorkbenchError):
    """A model call gave no usable answer.

    Args:
        kind: "rate limit", "server", "refused", "unreachable", "timeout", "cut", "malformed", "context" or "local".
        retryable: Whether the same call may succeed when made again.
        retry_after: Seconds the endpoint asked to wait, or None.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        hint: str = "",
        *,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.kind = kind
        self.retryable = retryable
        self.retry_after = retry_after


class CallsFailed(WorkbenchError):
    """Some model calls of one node failed; the others are done and kept.

    Args:
        failures: Position in the node's prompts (from 0) -> what happened.
        total: How many prompts the node sent.
    """

    def __init__(self, failures: dict[int, WorkbenchError], total: int) -> None:
        first = min(failures)
        error = failures[first]
        where = f"call {first + 1} of {total}: " if total > 1 else ""
        others = f" ({len(failures)} of {total} calls failed)" if len(failures) > 1 else ""
        super().__init__(f"{where}{error.message}{others}", error.hint)
        self.failures = failures
        self.total = total
