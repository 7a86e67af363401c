"""Files that are no PDF, read at once and within bounds: texts, JSON and tables."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.documents.decoding import decode
from workbench.documents.file_names import shown
from workbench.documents.identities import identity_of
from workbench.documents.json_reading import UnfitJsonError, read_json, read_json_lines
from workbench.documents.kinds import KINDS, Form, Kind
from workbench.documents.pdf_refusals import unread
from workbench.documents.store import keep_document, open_document
from workbench.documents.tables import UnfitTableError, delimiter_of, read_rows
from workbench.documents.uploads import keep_file
from workbench.errors import DocumentError
from workbench.records import Document

MOST_BYTES = 10_000_000

_HINTS: Mapping[Kind, str] = {
    "json": "Correct it, then add it again.",
    "table": "Save it as CSV with the names of the columns in the first row, then add that.",
}


def read_plain(content: bytes, name: str, form: Form, home: Path) -> Document:
    """The document of a file that is no PDF; its text and its bytes are kept.

    Raises:
        DocumentError: It is no text, not what its form says, or beyond a limit.
    """
    identity = identity_of(content, form)
    kept = open_document(identity, name, home)
    document = kept or replace(_read(content, name, form), sha256=identity)
    try:
        keep_file(content, identity, form, home)
        if not kept:
            keep_document(document, home)
    except OSError as error:
        raise unread(name, error) from error
    return document


def value_of(document: Document) -> Any:
    """What JSON says, or the rows of a table; a new value each time.

    Raises:
        ValueError: The text is not what its form says.
    """
    return _value("".join(document.page_texts), document.reader)


def _read(content: bytes, name: str, form: Form) -> Document:
    if len(content) > MOST_BYTES:
        message = f"{shown(name)} has {len(content) / 1e6:.1f} MB; the limit is {MOST_BYTES / 1e6:g} MB."
        raise DocumentError("too large", message, "Split it, then add a part.")
    text = decode(content, name)
    if not text.strip():
        raise DocumentError("no text", f"{shown(name)} holds nothing but blanks.", "Add another file.")
    kind = KINDS[form]
    rows = 1
    if kind != "text":
        try:
            value = _value(text, form)
        except (UnfitJsonError, UnfitTableError) as error:
            what = "JSON" if kind == "json" else "a table"
            raise DocumentError("damaged", f"{shown(name)} can't be read as {what}: {error}.", _HINTS[kind]) from None
        rows = 1 if form == "json" else len(value)
    return Document("", name, len(content), rows, (text,), form, kind=kind)


def _value(text: str, form: str) -> Any:
    if form == "json":
        return read_json(text)
    if form == "jsonl":
        return read_json_lines(text)
    return read_rows(text, "\t" if form == "tsv" else delimiter_of(text))
