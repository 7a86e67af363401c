"""Which values of a record don't stand in the document: a model may have made them up."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from dataflows.figures import numbers_in
from dataflows.strict_json import shown_json

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SHOWN = 80


def unfound(record: Mapping[str, Any], schema: Mapping[str, Any], text: str) -> list[str]:
    """A sentence for each value that can't be found in the text, however it is written there.

    A text is found by its letters and digits, a number by its value, a date by its year and day. What is chosen from a
    list, and true or false, is not looked for: the document says it in other words.
    """
    letters = _letters(text)
    numbers = numbers_in(text)
    return [
        f"{place}: {shown_json(value, _SHOWN)} does not stand in the document"
        for name, own in record.items()
        for place, value in _leaves(name, own, schema["properties"].get(name))
        if not _stands(value, letters, numbers)
    ]


def _leaves(place: str, value: Any, schema: Any) -> Iterator[tuple[str, Any]]:
    own = schema if isinstance(schema, dict) else {}
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{place}.{name}", inner, own.get("properties", {}).get(name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(f"{place}[{index}]", item, own.get("items"))
    elif value is not None and not isinstance(value, bool) and not {"enum", "const"} & own.keys():
        yield place, value


def _stands(value: str | float, letters: str, numbers: set[float]) -> bool:
    if not isinstance(value, str):
        return abs(value) in numbers
    if date := _DATE.fullmatch(value):
        return {float(date[1]), float(date[3])} <= numbers
    return _letters(value) in letters


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
