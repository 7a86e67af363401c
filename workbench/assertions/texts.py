"""Values as JavaScript would write and split them: promptfoo compares texts, and its texts are JavaScript's."""

import math
import re
from decimal import Decimal

# ECMAScript's WhiteSpace and LineTerminator; Python's str.split and strip know others.
SPACES = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_GAPS = re.compile(f"[{SPACES}]+")
_NO_WORD = re.compile(f"[{SPACES}]*")
_LONGEST_REASON = 200
_LONGEST_SHOWN = 60


def text_of(value: str | float) -> str:
    """The value as a text: true, 4 (of 4.0 too), 0.00001, 1e-7. Source: ECMAScript, Number::toString."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(value)), "f")
    # Python pads the exponent to two digits.
    return re.sub(r"e([+-])0+", r"e\1", repr(value))


def count_words(text: str) -> int:
    """How many runs of characters other than white space there are."""
    return sum(1 for word in _GAPS.split(text) if word)


def is_blank(text: str) -> bool:
    """Whether there is white space only, or nothing."""
    return _NO_WORD.fullmatch(text) is not None


def show(text: str) -> str:
    """The text for a sentence: quoted, on one line, at most 60 characters of it, nothing unprintable."""
    start = text[:_LONGEST_SHOWN]
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in start)
    return f'"{shown}{"…" if len(text) > len(start) else ""}"'


def cut(sentence: str) -> str:
    """The sentence, or its first 199 characters and an ellipsis."""
    return sentence if len(sentence) <= _LONGEST_REASON else sentence[: _LONGEST_REASON - 1] + "…"
