"""Mustache and Handlebars templates of texts and plain names; sections, partials, helpers and the like are refused.

Source: the manual mustache(5), its specification's rule for comments on lines of their own, and Handlebars' guide.
"""

import re
from collections.abc import Iterator

from workbench.importing.failures import shown
from workbench.importing.pieces import Fault, Name, Reading, reading_of

_ESCAPING_NOTE = "Mustache escapes the value of {{name}} for HTML; here values go in as they are."
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r?\n|\Z)")
_SIGILS = {
    ">": "is a partial, another file",
    "*": "is a decorator",
    "<": "takes another template as its parent",
    "$": "is a block of inheritance",
    "~": "takes away blanks around it",
    "@": "is a variable of Handlebars itself",
}


def read_mustache(text: str, *, handlebars: bool = False) -> Reading:
    """The text as a template; comments are dropped, and their line when nothing else is on it.

    Args:
        text: A template.
        handlebars: Whether a backslash before {{ means that it is plain text; for mustache it means nothing.
    """
    reading = reading_of(_pieces(text, handlebars))
    escapes = re.search(r"(?<!\{)\{\{[^{&!]", text)
    return Reading(reading.template, reading.faults, (_ESCAPING_NOTE,) if escapes and not reading.faults else ())


def _pieces(text: str, handlebars: bool) -> Iterator[str | Name | Fault]:
    end = 0
    line = 1
    tag_on_line = False
    in_section = False
    last_long_end = text.rfind("--}}")
    while (start := text.find("{{", end)) >= 0:
        before = text[end:start]
        line += before.count("\n")
        tag_on_line = tag_on_line and "\n" not in before
        if handlebars and before.endswith("\\"):
            yield Fault(line, "a backslash before {{ makes plain text of it in Handlebars; here it can't be said")
        opening, closing = _marks(text, start, last_long_end)
        close = text.find(closing, start + len(opening))
        if close < 0:
            yield Fault(line, f"the {opening} is never closed by {closing}")
            return
        content = text[start + len(opening) : close]
        end = close + len(closing)
        if (opening == "{{" and content.startswith("!")) or opening == "{{!--":
            rest = _REST_OF_LINE.match(text, end)
            if rest and not tag_on_line and not before.rpartition("\n")[2].strip(" \t"):
                before = before.rstrip(" \t")
                end = rest.end()
            yield before
            tag_on_line = end == close + len(closing)
        else:
            yield before
            tag_on_line = True
            if content[:1] != "/" or not in_section:
                yield _value(content, opening, line)
            in_section = in_section or content[:1] in ("#", "^")
            if content.startswith("="):
                return
        line += text.count("\n", start, end)
    yield text[end:]


def _marks(text: str, start: int, last_long_end: int) -> tuple[str, str]:
    if text.startswith("{{!--", start) and start + 5 <= last_long_end:
        return "{{!--", "--}}"
    return ("{{{", "}}}") if text.startswith("{{{", start) else ("{{", "}}")


def _value(content: str, opening: str, line: int) -> Name | Fault:
    tag = f"{opening}{shown(content)}{'}' * len(opening)}"
    if content.startswith("{"):
        return Fault(line, f"{tag} is a raw block")
    sigil = content[:1] if opening == "{{" else ""
    if sigil in ("#", "^", "/"):
        return Fault(line, f"{tag} belongs to a section, which is more than a text with slots")
    if sigil == "=":
        return Fault(line, f"{tag} changes the delimiters")
    if sigil in _SIGILS:
        return Fault(line, f"{tag} {_SIGILS[sigil]}")
    name = content[sigil == "&" :].strip()
    if len(name.split()) > 1:
        return Fault(line, f"{tag} calls a helper; a slot is a plain name")
    if name in ("this", "else") or "." in name or "/" in name:
        return Fault(line, f"{tag} reads a path or a context; a slot is a plain name")
    return Name(name, line)
