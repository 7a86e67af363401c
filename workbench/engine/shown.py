"""Values of nodes as texts, for people to read and compare."""

import json
from dataclasses import asdict, is_dataclass
from typing import Any

_MOST = 200_000
"""Characters of a text, and items of a list, that are kept of a value."""


def shown_value(value: Any) -> str | list[str] | None:
    """A value as a text, or as a list of texts where it is one; None when nothing can be read in it.

    Texts stay as they are, whatever their length. Plain values, dictionaries, records and tables come as JSON or CSV,
    cut at 200,000 characters.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return list(value[:_MOST])
    if isinstance(value, list | tuple) and value and not any(isinstance(item, bool | int | float) for item in value):
        items = [_text(item) for item in value[:_MOST]]
        return None if None in items else [item for item in items if item is not None]
    return _text(value)


def output_text(value: Any) -> str:
    """What a run's output reads like, whatever its type; str() of it where nothing better is known."""
    text = value if isinstance(value, str) else _text(value)
    return str(value)[:_MOST] if text is None else text


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if hasattr(value, "to_csv") and hasattr(value, "columns"):
        return str(value.head(1000).to_csv(index=False))
    if hasattr(value, "model_dump"):
        value = value.model_dump()
    elif is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if value is not None and not isinstance(value, bool | int | float | dict | list | tuple):
        return None
    try:
        return json.dumps(value, ensure_ascii=False, indent=2)[:_MOST]
    except (TypeError, ValueError, RecursionError):
        return None
