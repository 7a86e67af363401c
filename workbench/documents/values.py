"""A document as the value of the node or input that holds it."""

import io
import tempfile
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.documents.file_names import shown
from workbench.documents.kinds import NOUNS
from workbench.documents.structures import held, parsed
from workbench.documents.value_types import (
    ANYTHING,
    STREAMS,
    TYPED_STREAMS,
    bare,
    is_texts,
    options_of,
    suffixes_for,
)
from workbench.errors import InputError
from workbench.records import Document

__all__ = ["document_value", "suffixes_for"]

_MOST_SHOWN = 80
_MOST_SPOOLED = 10_000_000
_JSON_NOUNS: Mapping[type, str] = {list: "a list", dict: "an object"}


def document_value(document: Document, wanted: Any, file: Path | None = None) -> Any:
    """A value of the type that the node or input has, new at each call, so that no variant changes another's.

    A list of texts gets the pages of a PDF or text; a list, dictionary or DataFrame what JSON or a table holds; a file
    object, bytes and a path the file itself; a text the text, or of a PDF its path. Of a union the first of these that
    is in it; file objects stand at their beginning.

    Args:
        document: What was read.
        wanted: A type, a union of types, or Any.
        file: The bytes of the document on disk, where they are kept.

    Raises:
        InputError: The document can't be such a value, or needs its bytes for it and they are not kept.
    """
    options = options_of(wanted)
    if document.kind in ("json", "table"):
        if (found := held(document, [own for own in options if bare(own) not in _FLAT])) is not None:
            return found
    elif any(map(is_texts, options)):
        return list(document.page_texts)
    for types, opened in _OPENERS:
        if any(bare(own) in types for own in options):
            return opened(document, file)
    raise InputError(
        f"{shown(document.name)} is {_noun(document)}, and the dataflow takes {_named(wanted)}.",
        "Choose another document, or name another input as the document in workbench.toml.",
    )


def _content(document: Document, file: Path | None) -> bytes:
    try:
        return _path(document, file).read_bytes()
    except OSError:
        raise _missing(document) from None


def _stream(document: Document, file: Path | None) -> io.BytesIO:
    return io.BytesIO(_content(document, file))


def _spooled(document: Document, file: Path | None) -> Any:
    spooled = tempfile.SpooledTemporaryFile(max_size=_MOST_SPOOLED)  # noqa: SIM115 whoever reads it closes it
    spooled.write(_content(document, file))
    spooled.seek(0)
    return spooled


def _path(document: Document, file: Path | None) -> Path:
    if not (file and file.is_file()):
        raise _missing(document)
    return file


def _missing(document: Document) -> InputError:
    return InputError(
        f"The dataflow reads the file of {shown(document.name)} by itself, and it is not kept here.",
        "Add it again; if it has a password, save it without one first.",
    )


def _text(document: Document, file: Path | None) -> str:
    return str(_path(document, file)) if document.kind == "pdf" else "".join(document.page_texts)


def _anything(document: Document, file: Path | None) -> Any:
    return _stream(document, file) if document.kind == "pdf" else _text(document, file)


_Opened = Callable[[Document, Path | None], Any]
_OPENERS: Sequence[tuple[frozenset[Any], _Opened]] = (
    (STREAMS, _stream),
    (frozenset({tempfile.SpooledTemporaryFile}), _spooled),
    (frozenset({bytes}), _content),
    (frozenset({Path}), _path),
    (frozenset({str}), _text),
    # After what Hamilton can check: it takes no file at all for typing's own types.
    (TYPED_STREAMS, _stream),
    (ANYTHING, _anything),
)
_FLAT = frozenset(own for types, _ in _OPENERS for own in types) - ANYTHING


def _noun(document: Document) -> str:
    """ "a PDF", "JSON that is a list"."""
    noun = NOUNS[document.kind]
    if document.kind != "json":
        return noun
    return f"{noun} that is {_JSON_NOUNS.get(type(parsed(document)), 'one value')}"


def _named(wanted: Any) -> str:
    name = wanted.__name__ if isinstance(wanted, type) and not typing.get_args(wanted) else str(wanted)
    return name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}…"
