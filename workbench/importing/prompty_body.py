"""The body of a .prompty file: one text, or parts under role lines such as `user:`.

Source: Prompty's chat parser, which takes newlines away around a part.
"""

import re
from dataclasses import dataclass, replace

from workbench.importing.chat import role_notes
from workbench.importing.failures import shown
from workbench.importing.jinja_text import read_jinja
from workbench.importing.mustache_text import read_mustache
from workbench.importing.pieces import Fault, Reading

_ROLE = re.compile(r"#?\s*(system|user|assistant|developer|function|tools?)\s*(?:\[[^\]]*\])?", re.IGNORECASE)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ASKING = ("", "system", "user", "developer")
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\(")


@dataclass(frozen=True)
class Part:
    """A text and whom it is from."""

    role: str
    """Lower case; empty when no role line stands above the text."""
    text: str
    lines_before: int
    """In the body, above the text."""


def parts_of(body: str) -> list[Part]:
    """The parts that have a text, in order."""
    parts: list[Part] = []
    role = ""
    lines: list[str] = []
    first_line = 0
    for number, line in enumerate(_LINE.findall(body), 1):
        found = _role(line)
        if found is None:
            lines.append(line)
            continue
        _add(parts, role, lines, first_line)
        role, lines, first_line = found, [], number
    _add(parts, role, lines, first_line)
    return parts


def read_body(body: str, language: str) -> tuple[Reading, int]:
    """The body's only part as a template, and the number of lines above it in the body.

    Args:
        body: What stands below the YAML.
        language: "jinja2", "mustache" or "handlebars"; another one is a fault.
    """
    parts = parts_of(body)
    if len(parts) != 1:
        roles = shown(", ".join(part.role or "none" for part in parts), 100)
        reason = f"it has several parts ({roles}), and our dataflow sends one text" if parts else "it has no text"
        return Reading("", (Fault(1, reason),)), 0
    (part,) = parts
    if part.role not in _ASKING:
        return Reading("", (Fault(1, f"its only part has the role {part.role}, which asks nothing"),)), 0
    if language == "jinja2":
        reading = read_jinja(part.text)
    elif language in ("mustache", "handlebars"):
        reading = read_mustache(part.text, handlebars=language == "handlebars")
    else:
        reading = Reading("", (Fault(1, f"the template language {shown(language)} is not read here"),))
    notes = [*reading.notes, *(role_notes(part.role) if part.role else ())]
    if _IMAGE.search(part.text):
        notes.append("An image in Markdown stays text; Prompty sends some of them as images.")
    return replace(reading, notes=tuple(notes)), part.lines_before


def _role(line: str) -> str | None:
    """The role that the line announces; None when it is text."""
    stripped = line.strip()
    if not stripped.endswith(":"):
        return None
    found = _ROLE.fullmatch(stripped[:-1].rstrip())
    return found[1].lower() if found else None


def _add(parts: list[Part], role: str, lines: list[str], first_line: int) -> None:
    text = "".join(lines)
    begun = text.lstrip("\r\n")
    if text.strip():
        parts.append(Part(role, begun.rstrip("\r\n"), first_line + text[: len(text) - len(begun)].count("\n")))
