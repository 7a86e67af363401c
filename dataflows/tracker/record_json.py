"""Records as JSON and back; what is read comes from outside and is held to the types and bounds of records.py."""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from dataflows.tracker.record_parts import MOST_ENTRIES
from dataflows.tracker.records import MOST_BYTES, SCHEMA, RunRecord

_MOST_NUMBER = 1e12
_SHOWN = 60


def to_json(record: RunRecord) -> str:
    """On one line, as ASCII: lone surrogates and NUL are escaped, which every database and log takes."""
    return json.dumps(asdict(record), ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def from_json(body: str | bytes) -> RunRecord:
    """The record; equal to the one that was written.

    Raises:
        ValueError: It is none of this schema, or beyond a bound of records.py; a sentence says where.
    """
    if len(body) > MOST_BYTES:
        raise ValueError(f"this record has {len(body):,} bytes; at most {MOST_BYTES:,} are read")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("this record is no JSON") from None
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != SCHEMA or isinstance(schema, bool):
        raise ValueError(f"this record has schema {str(schema)[:_SHOWN]!a}; this code reads {SCHEMA}")
    record: RunRecord = _read(RunRecord, value, "the record")
    return record


def _read(kind: Any, value: Any, where: str) -> Any:
    """The value as this type has it."""
    if is_dataclass(kind):
        return _record(kind, value, where)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _text(inner[1], value, where)
    if origin is Literal:
        return _checked(isinstance(value, str) and value in inner, value, where)
    if origin is UnionType or NoneType in inner:
        return None if value is None else _read(inner[0], value, where)
    if origin is tuple:
        _checked(isinstance(value, list) and len(value) <= MOST_ENTRIES, value, where)
        return tuple(_read(inner[0], own, f"{where}[{place}]") for place, own in enumerate(value))
    if origin is Mapping:
        _checked(isinstance(value, dict) and len(value) <= MOST_ENTRIES, value, where)
        return {
            _read(inner[0], name, f"a name in {where}"): _read(inner[1], own, f"{where}.{name[:_SHOWN]}")
            for name, own in value.items()
        }
    return _plain(kind, value, where)


def _record(kind: Any, value: Any, where: str) -> Any:
    _checked(isinstance(value, dict), value, where)
    types, needed = _shape(kind)
    if unknown := set(value) - set(types):
        raise ValueError(f"{where} has {min(unknown)[:_SHOWN]!a}, which is not known here")
    if missing := needed - set(value):
        raise ValueError(f"{where} has no {min(missing)}")
    return kind(**{name: _read(types[name], own, f"{where}.{name}") for name, own in value.items()})


@cache
def _shape(kind: Any) -> tuple[dict[str, Any], set[str]]:
    """Types of the fields, and those that have no default."""
    needed = {own.name for own in fields(kind) if own.default is MISSING and own.default_factory is MISSING}
    return get_type_hints(kind, include_extras=True), needed


def _text(bound: int | re.Pattern[str], value: Any, where: str) -> str:
    is_one = isinstance(value, str) and (len(value) <= bound if isinstance(bound, int) else bound.fullmatch(value))
    return str(_checked(bool(is_one), value, where))


def _plain(kind: type, value: Any, where: str) -> Any:
    if kind is bool:
        return _checked(isinstance(value, bool), value, where)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Not a number and infinity are beyond it too.
    is_one = is_number and abs(value) <= _MOST_NUMBER
    if kind is int:
        return _checked(is_one and isinstance(value, int) and value >= 0, value, where)
    return float(_checked(is_one, value, where))


def _checked(is_one: bool, value: Any, where: str) -> Any:
    if not is_one:
        shown = f"{value[:_SHOWN]!a}" if isinstance(value, str) else type(value).__name__
        raise ValueError(f"{where[:200]} is {shown}, which is not of its kind or beyond its bound")
    return value
