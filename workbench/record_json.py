"""Records as JSON and back.

ASCII JSON: prompts and answers may hold lone surrogates and NUL, which databases refuse as text.
"""

import json
from typing import Any, TypeVar

import cattrs

_T = TypeVar("_T")

_converter = cattrs.Converter()
_converter.register_structure_hook(
    str | list[str], lambda value, _: value if isinstance(value, str) else [str(item) for item in value]
)


def to_json(record: Any) -> str:
    """Any record of workbench.records as one line of ASCII JSON."""
    return json.dumps(_converter.unstructure(record))


def from_json(text: str, kind: type[_T]) -> _T:
    """The record again, equal to the one that was written; extra fields are ignored."""
    return _converter.structure(json.loads(text), kind)
