"""Prompts that a dataflow takes as they stand: {name} is a slot where the name is known, every other brace a brace."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from dataflows.templates import SlotUse
from workbench.records import Prompt


def as_plain(prompt: Prompt) -> Prompt:
    """A prompt whose text is taken as it stands, so that no brace in it is a fault."""
    return replace(prompt, plain=True, reason="" if prompt.template else prompt.reason)


def parse_plain(template: str, names: Collection[str]) -> list[str | SlotUse]:
    """The template as texts and slots, in order; empty texts are left out.

    Args:
        template: Any text.
        names: Of the slots.
    """
    if not names:
        return [template] if template else []
    pieces: list[str | SlotUse] = []
    end = 0
    for found in re.finditer("|".join(re.escape(f"{{{name}}}") for name in names), template):
        pieces += [template[end : found.start()], SlotUse(found.group()[1:-1], found.start())]
        end = found.end()
    pieces.append(template[end:])
    return [piece for piece in pieces if piece != ""]


def fill_plain(template: str, values: Mapping[str, str]) -> str:
    """The text with these slots replaced, in one pass; every other brace stays."""
    pieces = parse_plain(template, values)
    return "".join(values[piece.name] if isinstance(piece, SlotUse) else piece for piece in pieces)
