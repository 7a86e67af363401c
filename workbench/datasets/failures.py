"""What is raised when a dataset can't be read or written as it stands."""

from workbench.errors import WorkbenchError


class DatasetError(WorkbenchError):
    """A dataset's file, one of its cases or one of its documents is not as it has to be.

    Args:
        file: Its name.
        line: From 1; 0 for the file as a whole.
        reason: A sentence without its full stop: what is wrong there, with the value and the limit.
        hint: What to do next, as an order.
    """

    def __init__(self, file: str, line: int, reason: str, hint: str = "") -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {reason}.", hint)
        self.file = file
        self.line = line
        self.reason = reason
