"""What is raised when tests or assertions can't be read as they stand."""

from workbench.errors import WorkbenchError


class AssertionSyntaxError(WorkbenchError):
    """A test file, a test or an assertion breaks the vocabulary, or asks for what isn't supported here.

    Args:
        where: The place in the file, such as "tests[2].assert[0]"; empty for the file as a whole.
        reason: A sentence's end: what is wrong there, with the value and the limit.
        hint: What to do next, as an order.
    """

    def __init__(self, where: str, reason: str, hint: str) -> None:
        super().__init__(f"{where}: {reason}" if where else reason, hint)
        self.where = where
        self.reason = reason
