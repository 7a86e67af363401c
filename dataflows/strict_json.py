"""JSON as values, within bounds and without what other readers would take differently."""

import json
import math
import re
from functools import partial
from typing import Any, NoReturn

MOST_DEPTH = 20

_SURROGATE = re.compile("[\ud800-\udfff]")
_SHOWN = 60


class UnreadableError(ValueError):
    """Why a text can't be read as JSON, as the end of a sentence."""


def read_json(text: str, remarks: list[str] | None = None) -> Any:
    """The value of a JSON text; invalid Unicode in its strings is U+FFFD, and 3.0 is 3.

    Args:
        text: The text.
        remarks: Gets a sentence's end for each name that stands twice in an object with two values: the first counts.
            None refuses such an object.

    Raises:
        UnreadableError: It is no JSON, has NaN or a number out of range, or is nested deeper than MOST_DEPTH.
    """
    decoder = json.JSONDecoder(
        object_pairs_hook=partial(_object, remarks), parse_float=_number, parse_constant=_refuse_constant
    )
    try:
        return _cleaned(decoder.decode(text), MOST_DEPTH)
    except json.JSONDecodeError as error:
        reason = error.msg.removesuffix(" at")
        raise UnreadableError(f"{reason[0].lower()}{reason[1:]} at character {error.pos + 1:,}") from None
    except RecursionError:
        raise UnreadableError(f"it is nested deeper than {MOST_DEPTH} levels") from None
    except UnreadableError:
        raise
    except ValueError:
        raise UnreadableError("a number has too many digits") from None


def clean(text: str) -> str:
    """The text with U+FFFD in place of invalid Unicode."""
    return _SURROGATE.sub("\ufffd", text)


def shown_json(value: Any, most: int = 0) -> str:
    """A value as JSON on one line, cut with an ellipsis where it has more than so many characters; 0: never cut."""
    text = json.dumps(value, ensure_ascii=False)
    return f"{text[:most]}…" if 0 < most < len(text) else text


def sameness(value: Any) -> str:
    """A text that two JSON values share when they say the same: capitals, blanks and the order of names apart."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(own) for name, own in value.items()}
    if isinstance(value, list):
        return [_plain(own) for own in value]
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _object(remarks: list[str] | None, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in found:
            found[name] = value
        elif remarks is None:
            raise UnreadableError(f"an object has {clean(name[:_SHOWN])} twice")
        elif sameness(found[name]) != sameness(value):
            remarks.append(f"it names {clean(name[:_SHOWN])} twice; the first value is read")
    return found


def _number(digits: str) -> float | int:
    number = float(digits)
    if math.isinf(number):
        raise UnreadableError(f"the number {digits[:_SHOWN]} is too large")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableError(f"{name} is no number of JSON")


def _cleaned(value: Any, depth: int) -> Any:
    if depth < 0:
        raise RecursionError
    if isinstance(value, dict):
        return {clean(name): _cleaned(own, depth - 1) for name, own in value.items()}
    if isinstance(value, list):
        return [_cleaned(own, depth - 1) for own in value]
    return clean(value) if isinstance(value, str) else value
