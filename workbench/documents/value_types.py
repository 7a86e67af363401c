"""The types that a dataflow may give the document: what they hold, and which files can become one."""

import collections.abc
import io
import tempfile
import types
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.documents.kinds import Kind, suffixes_of

STREAMS = frozenset({io.BytesIO, io.BufferedIOBase, io.IOBase})
TYPED_STREAMS = frozenset({typing.BinaryIO, typing.IO})
ANYTHING = frozenset({Any, object})

_LISTS = frozenset({list, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Collection})
_MAPPINGS = frozenset({dict, collections.abc.Mapping, collections.abc.MutableMapping})
_FILES = STREAMS | TYPED_STREAMS | ANYTHING | {bytes, tempfile.SpooledTemporaryFile, Path}


def options_of(wanted: Any) -> tuple[Any, ...]:
    """The types of a union, or the type by itself; None and what is annotated are left out."""
    origin = typing.get_origin(wanted)
    if origin is typing.Annotated:
        return options_of(typing.get_args(wanted)[0])
    if origin in (types.UnionType, typing.Union):
        return tuple(option for own in typing.get_args(wanted) for option in options_of(own) if own is not type(None))
    return (wanted,)


def bare(option: Any) -> Any:
    """A type without its arguments: list for list[str]."""
    return typing.get_origin(option) or option


def is_texts(option: Any) -> bool:
    """Whether a list of texts is such a value."""
    return bare(option) in _LISTS and typing.get_args(option) in ((), (str,), (Any,))


def is_frame(option: Any) -> bool:
    """Whether it is pandas' DataFrame; told by its name, because loading pandas takes long."""
    return getattr(option, "__name__", "") == "DataFrame" and getattr(option, "__module__", "").startswith("pandas")


def fits(value: Any, option: Any) -> bool:
    """Whether a value of JSON is of the type, with all it holds."""
    if (own := bare(option)) in ANYTHING:
        return True
    arguments = typing.get_args(option)
    if own in (types.UnionType, typing.Union, typing.Annotated):
        return any(fits(value, other) for other in options_of(option)) or (value is None and type(None) in arguments)
    if own in _LISTS:
        return isinstance(value, list) and (not arguments or all(fits(item, arguments[0]) for item in value))
    if own in _MAPPINGS:
        return isinstance(value, dict) and (not arguments or all(fits(item, arguments[1]) for item in value.values()))
    if typing.is_typeddict(own):
        return isinstance(value, dict)
    if own in (str, bool, int):
        return type(value) is own
    return type(value) in (int, float) if own is float else own in (None, type(None)) and value is None


def suffixes_for(wanted: Any, name: str = "") -> tuple[str, ...]:
    """What the names of files end in that can become a value of this type: ("pdf", "txt", "md"); none when none can.

    Args:
        wanted: Type of the node or input.
        name: Of it. A text is offered PDFs, which come as a path, only where the name speaks of one.
    """
    kinds = {kind for option in options_of(wanted) for kind in _kinds(option)}
    if kinds and "pdf" in name.lower():
        kinds.add("pdf")
    return suffixes_of(kinds)


def _kinds(option: Any) -> Sequence[Kind]:
    own = bare(option)
    arguments = typing.get_args(option)
    if own in _FILES or (own in _LISTS and arguments in ((), (Any,))):
        return ("pdf", "text", "json", "table")
    if own is str:
        return ("text", "json", "table")
    if own in _LISTS and arguments == (str,):
        return ("pdf", "text")
    if is_frame(own) or (own in _LISTS and bare(arguments[0]) in _MAPPINGS):
        return ("json", "table")
    if own in _MAPPINGS | _LISTS or typing.is_typeddict(own):
        return ("json",)
    return ()
