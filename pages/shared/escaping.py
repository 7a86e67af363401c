"""Texts on their way into HTML."""

from html import escape


def escaped(text: str) -> str:
    """The text as it is, for an element or a quoted attribute.

    A file name or an answer may hold lone surrogates, which can't be sent to the browser; they become "?".
    """
    return escape(text.encode("utf-8", "replace").decode("utf-8"))
