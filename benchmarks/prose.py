"""Running English to measure with: an invented report on town libraries, of any length, no two pages alike."""

import random
from collections.abc import Iterator
from functools import cache

from dataflows.chunking import split

_FIRST = ("Alder", "Birch", "Carn", "Dun", "East", "Fen", "Gold", "Hazel", "Iron", "Kings", "Lang", "Marl", "North")
_LAST = ("bury", "combe", "dale", "field", "ford", "gate", "ham", "haven", "mere", "moor", "stead", "ton", "wick")
_REASONS = (
    "because the bus home leaves at five",
    "because the reading room is the only warm place that asks for no money",
    "since the school has no library of its own",
    "as the market on the same square draws people from the villages",
)
_MEASURES = (
    "lending tools beside books",
    "opening without staff in the evening",
    "sending a van to the villages",
    "keeping a table free for talk",
    "giving every newborn a card",
)
_SENTENCES = (
    "{town} has {people} inhabitants, and {share} in a hundred of them hold a library card.",
    "In the year of this report the council of {town} tried {measure}, at a cost of {cost} for twelve months.",
    "Visits rose from {before} to {after} a month, while the number of books lent stayed nearly the same.",
    "Most visitors come in the afternoon, {reason}.",
    "The librarian, who kept a diary of the trial, counted {days} days on which every chair was taken.",
    "Of those who were asked in the street, {asked} said that they had not known of the trial at all.",
    "The effect was strongest in the first weeks and had halved by the spring, so a second year is needed.",
    "Against it stands that {staff} of the staff now work one evening more, for which nobody had planned a wage.",
    "We recommend that {town} keeps it for {years} more years and counts the visits by the hour.",
)


def sections(seed: int = 0) -> Iterator[str]:
    """Paragraphs of about 800 characters, one town each, without end; equal seeds give equal texts."""
    draw = random.Random(seed)
    number = 0
    while True:
        number += 1
        before = draw.randrange(800, 4000)
        facts = {
            "town": f"{draw.choice(_FIRST)}{draw.choice(_LAST)}",
            "people": f"{draw.randrange(3, 90)},{draw.randrange(100, 1000)}",
            "share": draw.randrange(12, 60),
            "measure": draw.choice(_MEASURES),
            "cost": f"{draw.randrange(4, 60)},{draw.randrange(100, 1000)}",
            "before": before,
            "after": before + draw.randrange(50, 1500),
            "reason": draw.choice(_REASONS),
            "days": draw.randrange(10, 120),
            "asked": f"{draw.randrange(10, 45)} of {draw.randrange(50, 130)}",
            "staff": f"{draw.randrange(2, 5)} of {draw.randrange(6, 15)}",
            "years": draw.randrange(2, 6),
        }
        kept = [sentence for sentence in _SENTENCES if draw.random() < 0.9]
        paragraph = " ".join(sentence.format(**facts) for sentence in kept)
        yield f"Report {number}. {paragraph}"


@cache
def text_of_chunks(chunks: int, max_chunk_tokens: int, seed: int = 0) -> str:
    """A text that the chunker cuts into exactly this many chunks."""
    written: list[str] = []
    size = 0
    for section in sections(seed):
        written.append(section)
        size += len(section)
        # A token is rarely more than six characters, so this is more than enough.
        if size > (chunks + 1) * max_chunk_tokens * 6:
            break
    found = split("\n\n".join(written), max_chunk_tokens)
    return "".join(found[:chunks]).rstrip()


def pages_of(text: str) -> list[str]:
    """A text as pages of four paragraphs."""
    paragraphs = text.split("\n\n")
    return ["\n\n".join(paragraphs[place : place + 4]) for place in range(0, len(paragraphs), 4)]


def pages(count: int, characters: int, seed: int = 0) -> list[str]:
    """Pages of about equally many characters, which are `characters` in all; a page ends with a sentence's section."""
    written: list[list[str]] = [[] for _ in range(count)]
    size = 0
    for section in sections(seed):
        if size >= characters:
            break
        written[size * count // characters].append(section)
        size += len(section) + 2
    return ["\n\n".join(page) for page in written]
