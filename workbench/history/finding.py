"""Who made this output? A run by a text that somebody has at hand: an answer, a part of one, an id, a line of a log."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, or_, select

from workbench.history import tables
from workbench.history.kept import RunRow
from workbench.history.listing import matching_texts, row_of, rows_of
from workbench.history.texts import loose, sha256_of, unpacked, words_of

How = Literal["by its id", "by its request id", "the whole text", "the same but for white space", "a part of it"]

MOST_CHARACTERS = 1_000_000
_MOST_RUNS = 50
_MOST_CANDIDATES = 200
"""Texts that have all the words and are read to see whether they have them in this order."""
_FEWEST_CHARACTERS = 3
_ID = re.compile(r"[\w.:/-]{4,200}")
_IDS = ("run_id", "request_id", "id", "trace_id")
_TEXTS = ("output", "answer", "summary", "text", "message", "result", "content")


@dataclass(frozen=True)
class Match:
    """A run that the text is of."""

    row: RunRow
    how: How
    role: str
    """Of the text in the run: "output", "answer" (of a call), "prompt"; empty for an id."""


def find_makers(connection: Connection, pasted: str) -> list[Match]:
    """Runs that made what was pasted, the surest first and of those the newest; empty when none is known.

    Args:
        connection: To the history.
        pasted: Any text; of more than 1,000,000 characters the rest is not looked at.
    """
    for candidate in _candidates(pasted[:MOST_CHARACTERS].strip()):
        for search in (_by_id, _by_hash, _by_words):
            if found := search(connection, candidate):
                return found[:_MOST_RUNS]
    return []


def _candidates(pasted: str) -> Iterator[str]:
    """What was meant by it: the texts in a line of a log, the text that a quoted one stands for, the text itself."""
    if pasted.startswith("{"):
        try:
            told = json.loads(pasted)
        except (ValueError, RecursionError):
            told = None
        if isinstance(told, dict):
            for key in (*_IDS, *_TEXTS):
                if isinstance(own := told.get(key), str) and own.strip():
                    yield own.strip()
            return
    yield pasted
    if "\\" in pasted:
        try:
            yield str(json.loads('"' + pasted.strip('"') + '"')).strip()
        except ValueError:
            return


def _by_id(connection: Connection, own: str) -> list[Match]:
    if not _ID.fullmatch(own):
        return []
    if row := row_of(connection, own):
        return [Match(row, "by its id", "")]
    run = tables.RUN.c
    query = select(run.seq).where(or_(run.request_id == own, run.experiment == own)).order_by(run.seq.desc())
    seqs = list(connection.execute(query.limit(_MOST_RUNS)).scalars())
    return [Match(row, "by its request id", "") for row in rows_of(connection, seqs)]


def _by_hash(connection: Connection, own: str) -> list[Match]:
    if not own:
        return []
    exact, alike = sha256_of(own), sha256_of(loose(own))
    query = select(tables.TEXT.c.id, tables.TEXT.c.sha256).where(
        or_(tables.TEXT.c.sha256 == exact, tables.TEXT.c.loose_sha256 == alike)
    )
    rows = connection.execute(query).all()
    whole = _users(connection, [row.id for row in rows if row.sha256 == exact], "the whole text")
    whole = whole or _unread(connection, tables.RUN.c.output_sha256 == exact, "the whole text")
    spaced: How = "the same but for white space"
    return (
        whole
        or _users(connection, [row.id for row in rows], spaced)
        or _unread(connection, tables.RUN.c.output_loose == alike, spaced)
    )


def _unread(connection: Connection, is_it: ColumnElement[bool], how: How) -> list[Match]:
    """Runs of services that kept no text, only what its hash is."""
    query = select(tables.RUN.c.seq).where(is_it).order_by(tables.RUN.c.seq.desc())
    seqs = list(connection.execute(query.limit(_MOST_RUNS)).scalars())
    return [Match(row, how, "output") for row in rows_of(connection, seqs)]


def _by_words(connection: Connection, own: str) -> list[Match]:
    if len(own) < _FEWEST_CHARACTERS:
        return []
    words = words_of(own)
    inner = words[1:-1] if len(words) > 3 else words  # the outer ones may be parts of words
    asked = sorted(inner, key=len, reverse=True)
    matching = matching_texts(connection, asked, is_whole=len(words) > 3)
    if matching is None:
        return []
    ids = sorted(connection.execute(matching.limit(_MOST_CANDIDATES * 10)).scalars(), reverse=True)[:_MOST_CANDIDATES]
    rows = connection.execute(select(tables.TEXT.c.id, tables.TEXT.c.data).where(tables.TEXT.c.id.in_(ids)))
    wanted = loose(own).casefold()
    return _users(
        connection, [row.id for row in rows if wanted in loose(unpacked(row.data)).casefold()], "a part of it"
    )


def _users(connection: Connection, texts: Sequence[int], how: How) -> list[Match]:
    """The runs that have one of the texts: outputs before answers of calls, those before prompts."""
    if not texts:
        return []
    use = tables.USE.c
    query = select(use.seq, use.role).where(use.text.in_(list(texts)[:500])).order_by(use.seq.desc())
    roles: dict[int, str] = {}
    for row in connection.execute(query.limit(2_000)):
        if row.role in _ORDER and _ORDER[row.role] < _ORDER.get(roles.get(row.seq, ""), 9):
            roles[row.seq] = row.role
    found: list[Any] = [Match(row, how, roles[row.seq]) for row in rows_of(connection, list(roles)[:_MOST_RUNS])]
    return sorted(found, key=lambda match: (_ORDER[match.role], -match.row.seq))


_ORDER = {"output": 0, "answer": 1, "prompt": 2}
