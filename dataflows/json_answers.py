"""Reads the JSON object in a model's answer, and says what is wrong with one that can't be read."""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dataflows.strict_json import UnreadableError, clean, read_json, sameness

LONGEST_ANSWER = 200_000
MOST_OBJECTS = 100

# Inside of an object a string is passed over whole: braces in it open and close nothing.
_MARK = re.compile(r'[{}\[\]]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.S)
_STEP = {"{": 1, "[": 1, "}": -1, "]": -1}
_LINE = re.compile(
    r"^[ \t\u3000]*+(?:\d{1,3}[.)][ \t]++)?[ \t\-*•\"'`]*+(?P<name>[^:：=\n]{1,100}+)[:：=][ \t*]*+(?P<value>\S[^\n]*)",
    re.M,
)


@dataclass(frozen=True)
class Reading:
    """What could be read of an answer."""

    values: dict[str, Any] | None
    """None: nothing; the problems say why."""
    problems: tuple[str, ...] = ()
    """Sentences' ends, each about the answer."""


def read_answer(answer: str, names: Collection[str]) -> Reading:
    """The object in an answer, wherever it stands: alone, between prose, or in a fenced block.

    Of several objects it is the one with most of the names, the first of equals. Where no brace is opened, lines such
    as "name: value" are read. Nothing is guessed: an object that is cut off, or holds what JSON doesn't know, is none.

    Args:
        answer: What a model wrote.
        names: Of the fields that are asked for.
    """
    remarks: list[str] = []
    try:
        if len(answer) > LONGEST_ANSWER:
            raise UnreadableError(f"it has {len(answer):,} characters; the limit is {LONGEST_ANSWER:,}")
        read = _best_object if "{" in answer else _named_lines
        values = read(answer, names, remarks)
    except UnreadableError as error:
        return Reading(None, (str(error),))
    return Reading(values, tuple(dict.fromkeys(remarks)))


def _best_object(answer: str, names: Collection[str], remarks: list[str]) -> dict[str, Any]:
    """The object with most of the names.

    Raises:
        UnreadableError: None can be read.
    """
    read: list[tuple[dict[str, Any], list[str]]] = []
    reasons: list[str] = []
    for count, (text, ends) in enumerate(_object_texts(answer)):
        if count == MOST_OBJECTS:
            reasons.append(f"it has more than {MOST_OBJECTS} objects; only these are read")
            break
        twice: list[str] = []
        try:
            read.append((read_json(text, twice), twice))
        except UnreadableError as error:
            reasons.append(str(error) if ends else f"it ends inside of an object ({error})")
    if not read:
        raise UnreadableError(reasons[0])
    values, twice = max(read, key=lambda own: len(own[0].keys() & set(names)))
    if reasons:
        remarks.append(f"a part of it can't be read: {reasons[0]}")
    if different := len({sameness(own) for own, _ in read}) - 1:
        remarks.append(f"it has {different + 1} different objects; the one with most of the fields is read")
    remarks += twice
    return values


def _object_texts(answer: str) -> Iterator[tuple[str, bool]]:
    """What stands from an opened brace to the one that closes it, or to the end, and whether one does.

    No object inside another.
    """
    start = answer.find("{")
    while start >= 0:
        depth = 0
        # One that is never closed is passed on whole: objects inside of it are parts, and no answers.
        end = len(answer)
        for mark in _MARK.finditer(answer, start):
            depth += _STEP.get(mark.group(), 0)
            if depth == 0:
                end = mark.end()
                break
        yield answer[start:end], depth == 0
        start = answer.find("{", end)


def _named_lines(answer: str, names: Collection[str], remarks: list[str]) -> dict[str, Any]:
    """The values behind "name:" at the start of lines.

    Raises:
        UnreadableError: No line begins with one of the names.
    """
    known = {_plain(name): name for name in names}
    values: dict[str, Any] = {}
    for line in _LINE.finditer(answer):
        if name := known.get(_plain(line["name"])):
            value = _line_value(line["value"])
            if sameness(values.setdefault(name, value)) != sameness(value):
                remarks.append(f"it names {name} twice; the first value is read")
    if not values:
        raise UnreadableError("it has no JSON object")
    return values


def _line_value(text: str) -> Any:
    """A list or a text in quotes as JSON has it; anything else is text, which a field may take as a number."""
    text = text.strip().rstrip(",").rstrip()
    if text.startswith(("[", '"')):
        with suppress(UnreadableError):
            return read_json(text)
    return clean(text.strip("\"'`*"))


def _plain(name: str) -> str:
    """A name as people may write it: "Start date" for start_date."""
    return re.sub(r"[\W_]+", " ", name).strip().casefold()
