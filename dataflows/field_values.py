"""The values of a record's fields as they are meant: a figure in quotes is a number, "N/A" is no value."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from dataflows.strict_json import shown_json

_NOTHING = frozenset(
    [
        *("", "-", "–", "—", "n/a", "na", "none", "null", "nil", "unknown", "not given", "not stated", "not specified"),
        *("not mentioned", "not available", "不明", "なし", "該当なし", "記載なし"),
    ]
)
# As in English: a comma parts groups of three. 1.250 is left alone, since many write a thousand and some like that; and
# so is "2 million", which is not 2.
_NUMBER = re.compile(
    r"(?:[A-Z]{3} ?|[€$£¥] ?)?(?P<figure>-?\d+(?:\.\d{1,2}|\.\d{4,})?|-?\d{1,3}(?:,\d{3})+(?:\.\d+)?)"
    r"(?: ?[%€$£¥円]| [A-Z]{3}| (?:euros?|dollars?|pounds?|yen))?"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DATES = (
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<year>\d{{4}})", re.I),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})", re.I),
    re.compile(r"(?P<year>\d{4})年 ?(?P<month>\d{1,2})月 ?(?P<day>\d{1,2})日"),
)
_TRUTHS = {"yes": True, "true": True, "no": False, "false": False}
_MOST_DIGITS = 30
_MOST_NAMED = 10


def field_values(values: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values of the schema's fields, in its order, and a sentence's end for each name that is none of them.

    What says that there is no value is left out. A value is another only where nothing else can be meant: "1,250" where
    a number is asked for, "1 March 2031" where a date is, "yes" where true or false is, one item where a list is.
    """
    properties = schema["properties"]
    unknown = [name for name in values if name not in properties]
    remarks = [f"{name[:60]} is no field: {shown_json(values[name], 60)}" for name in unknown[:_MOST_NAMED]]
    if len(unknown) > _MOST_NAMED:
        remarks.append(f"{len(unknown) - _MOST_NAMED} more names are no fields")
    meant = {name: _meant(values[name], own) for name, own in properties.items() if name in values}
    return {name: value for name, value in meant.items() if not says_nothing(value)}, remarks


def says_nothing(value: Any) -> bool:
    """Whether it stands for no value: null, an empty list or object, "N/A"."""
    if isinstance(value, str):
        return " ".join(value.split()).strip(" .()").casefold() in _NOTHING
    return value is None or value in ([], {})


def types_of(schema: Any) -> list[str]:
    """The types that a schema allows; none where it doesn't say."""
    kinds = schema.get("type", []) if isinstance(schema, dict) else []
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _meant(value: Any, schema: Any) -> Any:
    kinds = types_of(schema)
    if "array" in kinds and not says_nothing(value):
        items = value if isinstance(value, list) else [value]
        meant = [_meant(item, schema.get("items")) for item in items]
        return [item for item in meant if not says_nothing(item)]
    if isinstance(value, dict) and "object" in kinds:
        known = schema.get("properties", {})
        inner = {name: _meant(own, known.get(name)) for name, own in value.items()}
        return {name: own for name, own in inner.items() if not says_nothing(own)}
    if not isinstance(value, str):
        return value
    plain = " ".join(unicodedata.normalize("NFKC", value).split())
    if kinds and "string" not in kinds:
        return _read(value, plain, kinds)
    if isinstance(schema, dict) and schema.get("format") == "date":
        return _date(plain) or value
    chosen = schema.get("enum", []) if isinstance(schema, dict) else []
    same = [own for own in chosen if isinstance(own, str) and own.casefold() == plain.casefold()]
    return same[0] if len(same) == 1 and value not in chosen else value


def _read(text: str, plain: str, kinds: list[str]) -> Any:
    number = _NUMBER.fullmatch(plain)
    if number and {"number", "integer"} & set(kinds) and len(number["figure"]) <= _MOST_DIGITS:
        figure = float(number["figure"].replace(",", ""))
        return int(figure) if figure.is_integer() and abs(figure) < 2**53 else figure
    if "boolean" in kinds and plain.casefold() in _TRUTHS:
        return _TRUTHS[plain.casefold()]
    return text


def _date(plain: str) -> str:
    """A date in words as YYYY-MM-DD; empty when it is none, or not for sure."""
    for shape in _DATES:
        if found := shape.fullmatch(plain):
            month = found["month"].lower()
            number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
            with suppress(ValueError):
                return date(int(found["year"]), number, int(found["day"])).isoformat()
    return ""
