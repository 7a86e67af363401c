"""Prompt templates: {name} is a slot, {{ and }} are braces, and there is nothing else.

No attributes, indexes, conversions or format specs: a template is typed by people and filled with text out of
documents, so it must not be able to reach into objects or ask for a gigabyte of padding. What this grammar accepts,
str.format reads the same way.
"""

import keyword
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dataflows.errors import TemplateError as TemplateError  # callers find it here too

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True)
class Slot:
    """What a dataflow fills into one of its prompts."""

    meaning: str
    required: bool = False
    """A template without a required slot is refused: its value would silently be lost."""


@dataclass(frozen=True)
class SlotUse:
    """A {name} in a template."""

    name: str
    position: int
    """Offset of its opening brace, in characters."""


def parse(template: str) -> list[str | SlotUse]:
    """The template as texts (braces already single) and slots, in order; empty texts are left out.

    Raises:
        TemplateError: A single brace, or a slot whose name is not a plain one.
    """
    pieces: list[str | SlotUse] = []
    text = ""
    end = 0
    for token in _TOKEN.finditer(template):
        text += template[end : token.start()]
        end = token.end()
        found = token.group()
        if found in ("{{", "}}"):
            text += found[0]
            continue
        if len(found) == 1:
            raise TemplateError(f"single {found}; write {found * 2} for a brace", template, token.start())
        if wrong := wrong_name(token[1]):
            shown = found if len(found) <= 40 else f"{found[:40]}…"
            raise TemplateError(f"{shown} {wrong}; write {{{{ and }}}} for braces", template, token.start())
        if text:
            pieces.append(text)
        text = ""
        pieces.append(SlotUse(token[1], token.start()))
    text += template[end:]
    return [*pieces, text] if text else pieces


def wrong_name(name: str) -> str:
    """Why a name can't be a slot, as the rest of a sentence; empty when it can."""
    if not name.isidentifier():
        return "is not a plain name"
    if keyword.iskeyword(name):
        return "is a Python keyword"
    if unicodedata.normalize("NFKC", name) != name:
        return "would be renamed by Python (write it in plain characters)"
    if name.startswith("_") or "__" in name:
        return "begins with _ or has __, which mean something to Hamilton"
    return ""


def slots(template: str) -> list[str]:
    """Names of the slots, each once, in order of first use.

    Raises:
        TemplateError: The template breaks the grammar.
    """
    return list(dict.fromkeys(piece.name for piece in parse(template) if isinstance(piece, SlotUse)))


def fill(template: str, values: Mapping[str, str], required: Collection[str] = ()) -> str:
    """The text with every slot replaced, in one pass: braces inside a value stay as they are.

    Args:
        template: What to fill.
        values: Slot name -> text; names the template does not use are left out.
        required: Names the template has to use.

    Raises:
        TemplateError: The template breaks the grammar, a slot has no value, or a required slot is missing.
    """
    pieces = parse(template)
    used = {piece.name for piece in pieces if isinstance(piece, SlotUse)}
    for name in required:
        if name not in used:
            raise TemplateError(f"{{{name}}} is missing, its text would be lost", template, len(template))
    texts = []
    for piece in pieces:
        if isinstance(piece, SlotUse) and piece.name not in values:
            known = ", ".join(f"{{{name}}}" for name in sorted(values)) or "none"
            raise TemplateError(f"nothing fills {{{piece.name}}}; known: {known}", template, piece.position)
        texts.append(values[piece.name] if isinstance(piece, SlotUse) else piece)
    return "".join(texts)


def fill_some(template: str, values: Mapping[str, str]) -> str:
    """A template in which some slots are replaced; values are escaped, so they can't become slots.

    Raises:
        TemplateError: The template breaks the grammar.
    """
    texts = []
    for piece in parse(template):
        if isinstance(piece, str):
            texts.append(escape(piece))
        elif piece.name in values:
            texts.append(escape(values[piece.name]))
        else:
            texts.append(f"{{{piece.name}}}")
    return "".join(texts)


def escape(text: str) -> str:
    """The template that fills to this text."""
    return text.replace("{", "{{").replace("}", "}}")
