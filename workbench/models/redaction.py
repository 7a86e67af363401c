"""Keys out of the process's logs."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping

from dataflows.redaction import MARK as MARK
from dataflows.redaction import redact as redact


def keep_keys_out_of_logs(env: Mapping[str, str] = os.environ, also: Callable[[str], str] = lambda text: text) -> None:
    """Redact what the process's log handlers write from now on.

    Args:
        env: Where the endpoint's key is.
        also: Takes out what else is not to be logged.
    """
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    handlers = {handler for logger in loggers for handler in logger.handlers}
    only = RedactingFilter([env.get("OPENAI_API_KEY", "")], also)
    for handler in handlers:
        if not any(isinstance(own, RedactingFilter) for own in handler.filters):
            handler.addFilter(only)


class RedactingFilter(logging.Filter):
    """Takes keys out of log records, tracebacks included.

    Add it to handlers: a filter of a logger doesn't see the records of the loggers below it.
    """

    def __init__(self, known: Iterable[str] = (), also: Callable[[str], str] = lambda text: text) -> None:
        super().__init__()
        self._known, self._also = tuple(known), also

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record; every record passes."""
        record.msg = self._cleaned(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self._cleaned(record.exc_text)
        if record.stack_info:
            record.stack_info = self._cleaned(record.stack_info)
        return True

    def _cleaned(self, text: str) -> str:
        return self._also(redact(text, self._known))
