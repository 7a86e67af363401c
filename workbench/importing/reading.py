"""The door for prompts of other tools: which format a file has, and all of its prompts in our grammar."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from workbench.importing.decoding import decode, refuse_large_text
from workbench.importing.failures import ImportFailed, shown
from workbench.importing.format_text import has_field, read_format
from workbench.importing.gathering import Gathering
from workbench.importing.imported import Format, Imported
from workbench.importing.jinja_text import read_jinja
from workbench.importing.mustache_text import read_mustache
from workbench.importing.promptfoo_file import read_promptfoo
from workbench.importing.prompty_file import read_prompty
from workbench.importing.python_file import read_python

_FORMATS: dict[str, Format] = {
    ".py": "python",
    ".txt": "format",
    ".md": "format",
    ".j2": "jinja",
    ".jinja": "jinja",
    ".jinja2": "jinja",
    ".njk": "jinja",
    ".mustache": "mustache",
    ".hbs": "mustache",
    ".handlebars": "mustache",
    ".yaml": "promptfoo",
    ".yml": "promptfoo",
    ".prompty": "prompty",
}
_MUSTACHE = re.compile(r"\{\{[#^/>&!]")
_JINJA = re.compile(r"\{\{-?[ \t]*[^\W\d]\w*[ \t]*(?:-?\}\}|[.|\[(])|\{%")
_CUTS_LAST_NEWLINE = (".j2", ".jinja", ".jinja2")


def read_prompts_file(name: str, content: bytes, beside: Mapping[str, bytes] | None = None) -> Imported:
    """The prompts of a file, its format told by the name's ending.

    A .txt or .md file without fields of str.format is Jinja or Mustache when it has such tags; a note says so.

    Args:
        name: Of the file.
        content: UTF-8, at most 1 MB.
        beside: Contents of files that a promptfoo file may name, by path or file name.

    Raises:
        ImportFailed: The ending is unknown, or the file as a whole can't be read.
    """
    ending = _ending(name)
    if ending not in _FORMATS:
        message = f"{shown(name)} has no ending that says how to read it"
        raise ImportFailed(message, f"Choose a file that ends in one of {', '.join(_FORMATS)}.")
    text = decode(name, content)
    format = _FORMATS[ending]
    if format == "format" and not has_field(text) and (tags := _tags(text)):
        note = f"The text has tags of {tags.capitalize()} and no {{name}}, so it was read as {tags.capitalize()}."
        imported = read_text(tags, text, name, beside)
        return replace(imported, notes=(note, *imported.notes))
    return read_text(format, text, name, beside)


def read_text(format: Format, text: str, name: str, beside: Mapping[str, bytes] | None = None) -> Imported:
    """The prompts of a text in a known format.

    Args:
        format: What it is.
        text: At most 1 MB as UTF-8; newlines are kept as they are.
        name: Of its file: where the text itself has no name, its prompt is named after it.
        beside: As for read_prompts_file.

    Raises:
        ImportFailed: The text as a whole can't be read.
    """
    refuse_large_text(name, text)
    stem = PurePosixPath(name.replace("\\", "/")).name.partition(".")[0]
    try:
        match format:
            case "python":
                return read_python(text)
            case "promptfoo":
                return read_promptfoo(text, beside or {})
            case "prompty":
                return read_prompty(text, stem)
            case _:
                return _read_template(format, text, name, stem)
    except ImportFailed as error:
        error.at(shown(name))
        raise


def _read_template(format: Format, text: str, name: str, stem: str) -> Imported:
    ending = _ending(name)
    if format == "format":
        reading = read_format(text)
    elif format == "jinja":
        reading = read_jinja(text)
        if ending in _CUTS_LAST_NEWLINE and text.endswith("\n"):
            note = "The newline at the end was kept; Jinja drops it unless it is told to keep it."
            reading = replace(reading, notes=(*reading.notes, note))
    else:
        reading = read_mustache(text, handlebars=ending in (".hbs", ".handlebars"))
    gathering = Gathering()
    gathering.take(stem, reading, 1, file=name)
    return gathering.imported(format)


def _tags(text: str) -> Format | None:
    if _MUSTACHE.search(text):
        return "mustache"
    return "jinja" if _JINJA.search(text) else None


def _ending(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()
