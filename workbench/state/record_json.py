"""Records as JSON and back."""

import json
from typing import Any, TypeVar

import cattrs

_T = TypeVar("_T")

_converter = cattrs.Converter()
_converter.register_structure_hook(
    str | list[str], lambda value, _: value if isinstance(value, str) else [str(item) for item in value]
)


def to_json(record: Any) -> str:
    """Any record of workbench.records as one line of JSON; lone surrogates of its texts stand in it as they are."""
    return json.dumps(to_value(record), ensure_ascii=False)


def from_json(text: str, kind: type[_T]) -> _T:
    """The record again, equal to the one that was written; extra fields are ignored."""
    return from_value(json.loads(text), kind)


def to_value(record: Any) -> Any:
    """The record as a JSON value."""
    return _converter.unstructure(record)


def from_value(value: Any, kind: type[_T]) -> _T:
    """The record of such a value."""
    return _converter.structure(value, kind)
