"""Cuts a text into chunks of a bounded number of tokens, without losing a character."""

import re
from collections.abc import Iterator
from itertools import pairwise

from dataflows.tokens import count_each, count_tokens

SMALLEST_CHUNK = 8
"""Tokens. A character is at most 4 bytes of UTF-8, so at most 4 tokens: two always fit."""

_STEP_BACK = 0.25
_CLOSING = "\"')\\]}”’»"
_CLOSING_JAPANESE = "」』）】〕］〉》”’\"')"
# A sentence in a Latin script ends where a capital, a digit or a bracket follows, so that "e.g. this" stays whole.
_SENTENCE = re.compile(
    rf"[.!?…][{_CLOSING}]*+\s++(?![a-z])|(?:[。！？]++|．(?!\d))[{_CLOSING_JAPANESE}]*+\s*+|\n[\n\f]*+"
)
_ENDS_A_SENTENCE = re.compile(rf"(?:[.!?…][{_CLOSING}]*+|[。！？．][{_CLOSING_JAPANESE}]*+)\s*$|\n\n[\n\f]*$")
# Before a blank and not behind it: a word costs fewer tokens with the blank in front.
_CLAUSE = re.compile(r"[、，；：]|\S(?=\s)")
# A cut never parts CR from LF, nor a base from the marks, joiners and skin tones behind it, while any other is near.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0900-\u0903\u093a-\u094f\u3099\u309a\ufe00-\ufe0f\U0001f3fb-\U0001f3ff"
_NO_CUT = rf"(?<![\r\u200d])(?![\n\u200d{_MARKS}])"


def sentences(text: str) -> list[str]:
    """The text cut after each sentence and each line; joined, they are the text."""
    return _cut_after(_SENTENCE, text)


def split(text: str, max_tokens: int) -> list[str]:
    """The text in chunks of at most max_tokens tokens; joined, they are the text.

    A chunk ends after a sentence where one ends in its last quarter, else after a line, else between words. No chunk
    is empty; an empty text has none. The time grows with the length of the text, whatever is in it.

    Args:
        text: Any text, in any script.
        max_tokens: At least 8.

    Raises:
        ValueError: max_tokens is below 8.
    """
    if max_tokens < SMALLEST_CHUNK:
        raise ValueError(f"max_tokens is {max_tokens}; at least {SMALLEST_CHUNK} are needed")
    pieces, sizes, endings = _pieces(text, max_tokens)
    chunks = []
    start = 0
    while start < len(pieces):
        stop = _best_stop(sizes, endings, start, max_tokens)
        chunk = "".join(pieces[start:stop])
        # Tokens of a whole can be more than those of its parts: the cut between parts may change a merge.
        while stop > start + 1 and count_tokens(chunk) > max_tokens:
            stop -= max(1, (stop - start) // 16)
            chunk = "".join(pieces[start:stop])
        chunks.append(chunk)
        start = stop
    return chunks


def pages_of(chunks: list[str]) -> list[tuple[int, int]]:
    """First and last page of each chunk, from 1; a form feed ends a page.

    Blanks and form feeds at either end of a chunk don't count: a chunk is on the pages where its words are. A chunk of
    blanks only is on the page where it begins.
    """
    pages = []
    page = 1
    for chunk in chunks:
        words = chunk.strip()
        first = page + chunk[: chunk.index(words)].count("\f") if words else page
        pages.append((first, first + words.count("\f")))
        page += chunk.count("\f")
    return pages


def _best_stop(sizes: list[int], endings: list[int], start: int, max_tokens: int) -> int:
    """Index after the last piece of the chunk that begins at start."""
    used = 0
    stop = start
    while stop < len(sizes) and used + sizes[stop] <= max_tokens:
        used += sizes[stop]
        stop += 1
    if stop == len(sizes):
        return stop
    best = stop
    given_back = 0
    for end in range(stop, start, -1):
        if given_back > max_tokens * _STEP_BACK:
            break
        if endings[end - 1] > endings[best - 1]:
            best = end
        given_back += sizes[end - 1]
    return best


def _pieces(text: str, max_tokens: int) -> tuple[list[str], list[int], list[int]]:
    """What chunks are made of, each within max_tokens: texts, tokens, and how good an end each is (2 a sentence)."""
    pieces: list[str] = []
    endings: list[int] = []
    for unit in _parts(sentences(text), max_tokens):
        pieces += unit
        # Only the last part of a cut sentence ends where the sentence does, and that part may be its blank alone.
        ending = 2 if _ENDS_A_SENTENCE.search("".join(unit[-2:])) else int(unit[-1].endswith(("\n", "\f")))
        endings += [0] * (len(unit) - 1) + [ending]
    return pieces, count_each(pieces), endings


def _parts(units: list[str], max_tokens: int) -> Iterator[list[str]]:
    """Each unit as one or more parts: whole when a chunk may end before it, else its words."""
    for unit, tokens in zip(units, count_each(units), strict=True):
        if tokens <= max_tokens * _STEP_BACK:
            yield [unit]
            continue
        words = _cut_after(_CLAUSE, unit)
        sizes = count_each(words)
        yield [part for word, size in zip(words, sizes, strict=True) for part in _fitting(word, size, max_tokens)]


def _fitting(word: str, tokens: int, max_tokens: int) -> list[str]:
    """A word, or its slices when it is over the limit."""
    if tokens <= max_tokens:
        return [word]
    size = max_tokens // 4
    return re.findall(rf"(?s:.{{1,{size}}}(?:\Z|{_NO_CUT})|.{{1,{size}}})", word)


def _cut_after(cut: re.Pattern[str], text: str) -> list[str]:
    """The text cut behind every match."""
    ends = [0, *(match.end() for match in cut.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if start < end]
