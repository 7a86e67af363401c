"""What a client of the service is told."""


class RefusedError(Exception):
    """A request that gets no summary.

    Args:
        status: Of HTTP.
        message: A plain sentence; never holds the document's text or a key.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
