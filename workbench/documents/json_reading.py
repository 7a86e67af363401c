"""JSON and JSON Lines as values, within bounds and without what other readers would take differently."""

import json
import math
import re
import sys
from collections import Counter
from itertools import accumulate
from typing import Any, NoReturn

MOST_DEPTH = 100
MOST_LINES = 100_000

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_TOO_DEEP = f"it is nested deeper than {MOST_DEPTH} levels"


class UnfitJsonError(ValueError):
    """What is wrong with the JSON, as the end of a sentence."""


def read_json(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        UnfitJsonError: It is no JSON, has a key twice in one object, a number that is none or is too large, or is
            nested deeper than MOST_DEPTH.
    """
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        reason = error.msg.removesuffix(" at")
        raise UnfitJsonError(f"{reason[0].lower()}{reason[1:]} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise UnfitJsonError(_TOO_DEEP) from None
    except UnfitJsonError:
        raise
    except ValueError:
        raise UnfitJsonError(f"a number has more than {sys.get_int_max_str_digits():,} digits") from None
    if _depth(text) > MOST_DEPTH:
        raise UnfitJsonError(_TOO_DEEP)
    return value


def read_json_lines(text: str) -> list[Any]:
    """The values of JSON Lines, one each; blank lines are passed over.

    Raises:
        UnfitJsonError: A line can't be read as JSON, or there are more than MOST_LINES.
    """
    # Not splitlines: strings of JSON may hold the other separators of lines.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise UnfitJsonError(f"it has {len(lines):,} lines; the limit is {MOST_LINES:,}")
    values = []
    for number, line in lines:
        try:
            values.append(read_json(line))
        except UnfitJsonError as error:
            raise UnfitJsonError(f"line {number:,}: {error}") from None
    return values


def _depth(text: str) -> int:
    """How deep lists and objects stand in each other; only in a text that is JSON, whose strings are all closed."""
    marks = _STRING.sub("", text).encode("utf-8", "surrogatepass")
    marks = marks.translate(None, _NO_BRACKETS)
    return max(accumulate(1 if mark in b"[{" else -1 for mark in marks), default=0)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = next(own for own in Counter(key for key, _ in pairs).items() if own[1] > 1)
        raise UnfitJsonError(f"an object has the key {twice[:60]!r} twice")
    return found


def _float(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise UnfitJsonError(f"the number {digits[:60]} is too large")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise UnfitJsonError(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_refuse_constant)
