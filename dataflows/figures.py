"""The figures in a text, however they are written: 48,000 and 48.000 and 48 000 are the same."""

import re
import unicodedata
from collections.abc import Iterator

_MARKS = ".,'’ "
_FIGURE = re.compile(rf"\d+(?:[{_MARKS}]\d+)*")
_GROUPED = re.compile(rf"\d{{1,3}}(?:([{_MARKS}])\d{{3}})(?:\1\d{{3}})*")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS[2:])})(?![\w-])", re.I)
_MOST_DIGITS = 30


def figures(text: str) -> list[tuple[str, set[float]]]:
    """Each number in a text as it is written, and what it may mean: 1.250 is 1,250, or one and a quarter.

    Words count from two to twelve: "one" mostly counts nothing. Signs don't count.
    """
    text = unicodedata.normalize("NFKC", text)
    found = [(word.group(), {float(_WORDS.index(word.group().lower()))}) for word in _WORD.finditer(text)]
    for figure in _FIGURE.finditer(text):
        whole = set(_as_one(figure.group()))
        found += [(figure.group(), whole)] if whole else [(own, {float(own)}) for own in _parts(figure.group())]
    return found


def numbers_in(text: str) -> set[float]:
    """All that the numbers in a text may mean, by themselves or as parts of others; "one" is among them."""
    text = unicodedata.normalize("NFKC", text)
    parts = {float(own) for figure in _FIGURE.finditer(text) for own in _parts(figure.group())}
    ones = {1.0} if re.search(r"\bone\b", text, re.I) else set()
    return parts.union(ones, *(meanings for _, meanings in figures(text)))


def _as_one(figure: str) -> Iterator[float]:
    """The figure as one number: whole, with groups of three, or with a decimal mark."""
    parts = _parts(figure)
    if len(figure) > _MOST_DIGITS or not parts:
        return
    marks = re.findall(rf"[{_MARKS}]", figure)
    if not marks or _GROUPED.fullmatch(figure):
        yield float("".join(parts))
    if marks and marks[-1] in ".,":
        whole = figure[: -len(parts[-1]) - 1]
        if whole.isdecimal() or (_GROUPED.fullmatch(whole) and marks[0] != marks[-1]):
            yield float(f"{''.join(parts[:-1])}.{parts[-1]}")


def _parts(figure: str) -> list[str]:
    return [own for own in re.split(rf"[{_MARKS}]", figure) if len(own) <= _MOST_DIGITS]
