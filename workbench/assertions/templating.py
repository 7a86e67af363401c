"""{{name}} in an assertion's value: plain names only, filled in one pass, and what is filled in is never read again."""

import re
from collections.abc import Mapping
from typing import Any

from workbench.assertions.texts import text_of

_USE = re.compile(r"\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}")
_NUNJUCKS = re.compile(r"\{\{|\{%|\{#")
_LONGEST = 1_000_000


class UnfilledError(Exception):
    """A value can't be filled; its text is a sentence's end."""


def has_template(text: str) -> bool:
    """Whether Nunjucks, promptfoo's template language, would change the text."""
    return _NUNJUCKS.search(text) is not None


def is_plain(text: str) -> bool:
    """Whether nothing but plain {{name}} is in the text that Nunjucks would read."""
    return not has_template(_USE.sub("", text))


def names_in(value: Any) -> set[str]:
    """The names of the variables that fill() puts into the value."""
    texts = value if isinstance(value, (list, tuple)) else [value]
    return {use[1] for text in texts if isinstance(text, str) for use in _USE.finditer(text)}


def fill(value: Any, variables: Mapping[str, Any]) -> Any:
    """The value with its variables, in a text or in the texts of a list; anything else is given back as it is.

    Raises:
        UnfilledError: A variable is missing or is no text, number or truth value, or the text grows too long.
    """
    if isinstance(value, str):
        return _filled(value, variables)
    if isinstance(value, (list, tuple)):
        return [_filled(item, variables) if isinstance(item, str) else item for item in value]
    return value


def _filled(text: str, variables: Mapping[str, Any]) -> str:
    pieces: list[str] = []
    position = length = 0
    for use in _USE.finditer(text):
        pieces += [text[position : use.start()], _text(use[1], variables)]
        position = use.end()
        length += len(pieces[-1])
        if length > _LONGEST:
            raise UnfilledError(f"its value has more than {_LONGEST:,} characters with its variables")
    return "".join([*pieces, text[position:]])


def _text(name: str, variables: Mapping[str, Any]) -> str:
    if name not in variables:
        raise UnfilledError(f"its value uses {{{{{name}}}}}, and no variable has that name")
    value = variables[name]
    if not isinstance(value, (str, int, float)):
        raise UnfilledError(f"its value uses {{{{{name}}}}}, which is no text, number or truth value")
    return text_of(value)
