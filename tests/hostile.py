"""Prompt texts that break careless code, all valid in the grammar of dataflows.templates."""

import random
from collections.abc import Sequence

from hypothesis import strategies as st

from dataflows.templates import escape

LONG = 100_000

PLAIN = [
    "Summarize this text.",
    "要約してください。",
    "Fasse den Text zusammen: äöüß",
    " ",
    "  ",
    "\n",
    "\n\n",
    "    indented",
    "x",
    "#",
    "# -*- coding: latin-1 -*-",
    "# fmt: off",
    "# noqa",
    "$5 %s %(a)d",
    "</textarea><script>alert(1)</script>",
]
BRACES = ["{", "}", "{}", "{{", "}}", '{"key": [1, {"a": "b"}]}', "{x.__class__}", "{0!r:>99}"]
QUOTES = ['"', "'", '""', "''", '"""', "'''", '""""', '"""""""', '\\"', '\\"""', '"\\', '""" + exit() + """', "f'{1}'"]
BACKSLASHES = ["\\", "\\\\", "\\n", "\\x41", "\\u0041", "\\N{DASH}", "\\\n", "\\ \n", "\\{", "\\N", "\\0"]
BLANKS = ["\t", " \n", "\t\n", "\r\n", "\r", "\r\r\n", "\x0b", "\x0c", "\x0c\n", "\u00a0", "\u3000", "\u2003\n", "\x1c"]
UNSEEN = ["\x00", "\x01", "\x1a", "\x1b[31m", "\x7f", "\x85", "\u200b", "\u200d", "\ufeff", "\u2028", "\u2029", "\xad"]
DIRECTIONS = ["\u202e", "\u2066", "\u2069", "\u200f", "עברית", "العربية", "\u202eevil\u202c"]
SURROGATES = ["\ud800", "\udfff", "\ud83d\ude00", "\udc80"]
BEYOND = ["😀", "👩‍👩‍👧", "e\u0301", "\u0301", "𝔘", "\U000e0041", "\U0010ffff", "ﬁ", "が", "か\u3099"]
FRAGMENTS = [*PLAIN, *BRACES, *QUOTES, *BACKSLASHES, *BLANKS, *UNSEEN, *DIRECTIONS, *SURROGATES, *BEYOND]


def hostile_prompts(count: int, seed: int, slots: Sequence[str] = ("query", "chunk")) -> list[str]:
    """Templates, the same ones for the same arguments; among 250 there is one of 100,000 characters or more.

    Args:
        count: How many.
        seed: Chooses among endless lists.
        slots: Names of the slots in them; a template may have none.
    """
    choice = random.Random(seed)
    marks = [f"{{{name}}}" for name in slots]
    pieces = [*map(escape, FRAGMENTS), *marks * 5]
    # The first ones are every fragment by itself, then before and after a slot.
    prompts = [*map(escape, FRAGMENTS), *(mark + piece + mark for mark in marks[:1] for piece in pieces)]
    choice.shuffle(prompts)
    while len(prompts) < count:
        prompts.append("".join(choice.choices(pieces, k=choice.randint(0, 30))))
    for index in range(0, count, 250):
        line = "".join(choice.choices(pieces, k=40))
        prompts[index] = line * (LONG // len(line) + 1)
    return prompts[:count]


def any_text(max_size: int = 40) -> st.SearchStrategy[str]:
    """Any string Python can hold, lone surrogates and NUL included, with the hostile fragments more likely."""
    piece = st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(exclude_categories=()), max_size=8))
    return st.lists(piece, max_size=max_size // 4).map("".join)


def templates(slots: Sequence[str] = ("query", "chunk")) -> st.SearchStrategy[str]:
    """Templates of the grammar with hostile texts around their slots."""
    piece = st.one_of(any_text(12).map(escape), st.sampled_from([f"{{{name}}}" for name in slots]))
    return st.lists(piece, max_size=8).map("".join)
