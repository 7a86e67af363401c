"""What kinds of documents there are, and of which kind a file is."""

from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import Literal

from workbench.documents.file_names import shown
from workbench.errors import DocumentError

Kind = Literal["pdf", "text", "json", "table"]
Form = Literal["pdf", "text", "json", "jsonl", "csv", "tsv"]
"""How a file is read; two forms may be of one kind."""

KINDS: Mapping[Form, Kind] = {
    "pdf": "pdf",
    "text": "text",
    "json": "json",
    "jsonl": "json",
    "csv": "table",
    "tsv": "table",
}
NOUNS: Mapping[Kind, str] = {"pdf": "a PDF", "text": "a text", "json": "JSON", "table": "a table"}
LABELS: Mapping[Kind, str] = {"pdf": "PDF", "text": "text", "json": "JSON", "table": "CSV"}

_ENDINGS: Mapping[str, Form] = {
    ".pdf": "pdf",
    ".txt": "text",
    ".md": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
}
_PDF_MARK = b"%PDF-"
_MARK_WITHIN = 1024
"""Readers of PDFs find the mark among so many bytes."""
_ANOTHER = f"Add a PDF, or a file that ends in {', '.join(list(_ENDINGS)[1:-1])} or {list(_ENDINGS)[-1]}."


def form_of(content: bytes, name: str) -> Form:
    """How a file is read: as a PDF where it begins like one, else as the ending of its name says.

    Raises:
        DocumentError: Neither says anything.
    """
    if content.startswith(_PDF_MARK):
        return "pdf"
    if form := _ENDINGS.get(PurePath(name).suffix.lower()):
        return form
    if _PDF_MARK in content[:_MARK_WITHIN]:
        return "pdf"
    raise DocumentError("damaged", f"{shown(name)} is of no kind that can be read here.", _ANOTHER)


def suffixes_of(kinds: Collection[Kind]) -> tuple[str, ...]:
    """What names of files of these kinds end in, without the dot."""
    return tuple(ending.removeprefix(".") for ending, form in _ENDINGS.items() if KINDS[form] in kinds)


def kinds_of(suffixes: Collection[str]) -> list[Kind]:
    """The kinds of files whose names end so, each once."""
    return list(dict.fromkeys(KINDS[form] for ending, form in _ENDINGS.items() if ending.removeprefix(".") in suffixes))
