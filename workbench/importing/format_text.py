"""Texts in the style of Python's str.format, and texts that are no template at all.

Fields are plain names here; an attribute, index, conversion, format spec or position is refused. A text that
str.format can't read and that has nothing like a field in it (a page with JSON, say) is plain: its braces are braces.
Otherwise doubled braces are single ones, as for str.format, also when there is no field.
"""

import re
from collections.abc import Iterator

from dataflows.templates import TemplateError, escape, parse
from workbench.importing.failures import shown
from workbench.importing.pieces import Fault, Name, Reading, reading_of

# Source of the fields' form: "Format String Syntax" in Python's library reference.
_FIELD = r"\{(?:[^\W\d]\w*|\d*)(?:\.\w+|\[[^\[\]{}]*\])*(?:![a-z])?(?::[^{}\n]*)?\}"
_FIELD_TOKEN = re.compile(rf"\{{\{{|\}}\}}|({_FIELD})")
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_PARTS = {".": "reads an attribute", "[": "reads an item", "!": "has a conversion", ":": "has a format spec"}


def read_format(text: str) -> Reading:
    """The text as a template."""
    try:
        pieces = parse(text)
    except TemplateError:
        if has_field(text):
            return reading_of(_pieces(text))
        return Reading(escape(text), notes=("A text without slots was taken as it is: its braces are plain ones.",))
    doubled = len(pieces) == 1 and isinstance(pieces[0], str) and pieces[0] != text
    note = "A text without slots has doubled braces; they were read as single ones, as str.format does."
    return Reading(text, notes=(note,) if doubled else ())


def has_field(text: str) -> bool:
    """Whether something in the text, doubled braces aside, looks like a field of str.format."""
    return any(token[1] for token in _FIELD_TOKEN.finditer(text))


def _pieces(text: str) -> Iterator[str | Name | Fault]:
    end = 0
    line = 1
    for token in _TOKEN.finditer(text):
        yield text[end : token.start()]
        line += text.count("\n", end, token.start())
        found = token[0]
        if found in ("{{", "}}"):
            yield found[0]
        elif len(found) == 1:
            yield Fault(line, f"a single {found} belongs to no slot; it would be {found * 2} as a brace")
        else:
            yield _field(token[1], line)
        line += found.count("\n")
        end = token.end()
    yield text[end:]


def _field(content: str, line: int) -> Name | Fault:
    name = re.split(r"[.\[!:]", content, maxsplit=1)[0]
    part = content[len(name) : len(name) + 1]
    if not name or name.isdigit():
        return Fault(line, f"{{{shown(content)}}} is filled by position; a slot needs a name")
    if part:
        return Fault(line, f"{{{shown(content)}}} {_PARTS[part]}; a slot is a plain name")
    return Name(name, line)
