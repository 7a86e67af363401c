"""Keys out of texts: whatever is logged, stored or shown about a model call passes here."""

import logging
import os
import re
from collections.abc import Iterable, Mapping

MARK = "[redacted]"
"""What stands in the place of a key."""

_SHORTEST_KNOWN = 8
"""A shorter "key" is a placeholder such as "none"; replacing it would garble texts."""

_KEYS = re.compile(
    "|".join(
        [
            r"\bsk-[\w-]{16,}",  # OpenAI, Anthropic, OpenRouter and those who imitate them
            r"\bAIza[\w-]{30,}",  # Google
            r"\b(?:gsk|xai|pplx|nvapi|r8|fw)[_-][\w-]{20,}",  # Groq, xAI, Perplexity, NVIDIA, Replicate, Fireworks
            r"\bhf_\w{20,}",  # Hugging Face
            r"\bgh[a-z]_\w{30,}|\bgithub_pat_\w{30,}",  # GitHub
            r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # AWS
            r"\bxox[a-z]-[\w-]{10,}",  # Slack
            r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]{8,}",  # a JSON web token
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|[\s\S]*)",
            r"(?<=://)[^/\s@]+(?=@)",  # user info of an address
            r"(?<=\b[Bb]earer )(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*",  # an Authorization header, not "bearer instruments"
            r"(?i:(?<=api[-_]key)|(?<=apikey))[\"']?\s*[=:]\s*[\"']?[\w.~+/-]{8,}",  # api_key=..., "x-api-key": "..."
        ]
    )
)


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text with every key replaced by MARK.

    Args:
        known: Keys that are replaced whatever they look like; those under 8 characters are ignored.
    """
    for key in sorted({key for key in known if len(key) >= _SHORTEST_KNOWN}, key=len, reverse=True):
        text = text.replace(key, MARK)
    return _KEYS.sub(MARK, text)


def keep_keys_out_of_logs(env: Mapping[str, str] = os.environ) -> None:
    """Redact what the process's log handlers write from now on."""
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    handlers = {handler for logger in loggers for handler in logger.handlers}
    only = RedactingFilter([env.get("OPENAI_API_KEY", "")])
    for handler in handlers:
        if not any(isinstance(own, RedactingFilter) for own in handler.filters):
            handler.addFilter(only)


class RedactingFilter(logging.Filter):
    """Takes keys out of log records, tracebacks included.

    Add it to handlers: a filter of a logger doesn't see the records of the loggers below it.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        super().__init__()
        self._known = tuple(known)

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record; every record passes."""
        record.msg = redact(record.getMessage(), self._known)
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text, self._known)
        if record.stack_info:
            record.stack_info = redact(record.stack_info, self._known)
        return True
