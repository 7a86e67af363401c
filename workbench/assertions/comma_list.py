"""A comma-separated list in one text, the way promptfoo reads it for contains-any and its kin.

Source: promptfoo, src/util/parseCommaSeparatedValues.ts. A field in double quotes may hold commas; a quote in it is
doubled or has a backslash before it, and a backslash is doubled or stands before any other character.
"""

import re

from workbench.assertions.texts import SPACES

_BLANKS = re.compile(f"[{SPACES}]*")
_SEPARATORS = re.compile(f"[{SPACES},]*")
_PLAIN = re.compile(r"[^,]*")


def split_commas(text: str) -> list[str]:
    """The fields, without the white space around them; commas with nothing between them make no field.

    Raises:
        ValueError: A quoted field doesn't end, or something other than a comma comes after it.
    """
    fields: list[str] = []
    position = 0
    while (position := _after(_SEPARATORS, text, position)) < len(text):
        if text[position] == '"':
            field, position = _quoted(text, position + 1)
            position = _after(_BLANKS, text, position)
            if text[position : position + 1] not in ("", ","):
                raise ValueError("a comma has to come after a field in double quotes")
        else:
            end = _after(_PLAIN, text, position)
            field, position = _stripped(text[position:end]), end
        fields.append(field)
    return fields


def _quoted(text: str, position: int) -> tuple[str, int]:
    """What stands between the quotes, and the position behind the second one."""
    chars: list[str] = []
    while position < len(text):
        pair = text[position : position + 2]
        if pair in ('""', '\\"', "\\\\"):
            chars.append(pair[1])
            position += 2
        elif pair[0] == '"':
            return "".join(chars), position + 1
        else:
            chars.append(pair[0])
            position += 1
    raise ValueError("a field in double quotes doesn't end")


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _stripped(field: str) -> str:
    # Not one pattern: "blanks at the end" by search takes square time on a hostile text.
    end = len(field)
    while end and _BLANKS.fullmatch(field, end - 1, end):
        end -= 1
    return field[:end]
