"""JSON in texts, read the way JavaScript's JSON.parse does."""

import json
from typing import Any, NoReturn

_MOST_WORK = 50_000_000


class TooMuchWorkError(Exception):
    """Looking for JSON in the text would take too long; its text is a sentence's end."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def read_json(text: str) -> Any:
    """The value.

    Raises:
        ValueError: The text is no JSON, has a number of over 4,000 digits, or is nested deeper than Python can read.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def find_objects(text: str) -> list[str]:
    """The JSON objects standing in a text, from left to right, as they are written; none inside another.

    Raises:
        TooMuchWorkError: The text has so many openings that lead nowhere that looking at all takes too long.
    """
    found: list[str] = []
    work = 0
    start = text.find("{")
    while start >= 0:
        end = start + 1
        try:
            _, end = _DECODER.raw_decode(text, start)
            found.append(text[start:end])
            work += end - start
        except json.JSONDecodeError as error:
            # The decoder counts the lines up to where it failed.
            work += max(error.pos - start, 0) + error.pos // 20
        except (ValueError, RecursionError):
            work += min(len(text) - start, 10_000)
        if work > _MOST_WORK:
            raise TooMuchWorkError(f"it has too many openings to look for JSON in {len(text):,} characters")
        start = text.find("{", end)
    return found


def same_value(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; true is not 1, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_value(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_value, one, other))
    numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
    return (numbers or type(one) is type(other)) and bool(one == other)
