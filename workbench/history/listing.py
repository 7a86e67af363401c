"""Lists of runs: filtered, and paged by where a page begins, so that the last page costs what the first does."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)

from workbench.history import tables
from workbench.history.kept import Choices, Filters, Page, RunRow
from workbench.history.texts import words_of

PAGE = 50
_COUNTED = 10_000
"""Up to which runs are counted; nobody reads further than that, and counting takes longer than listing."""
_MOST_WORDS = 24
MOST_TEXTS = 5_000
"""That a search looks at, the newest: a word that more of them have finds nothing by itself."""
_MOST_CHOICES = 100
_MOST_NAMES = 500
_CURSOR = re.compile(r"([<>])([0-9]{1,12}(?:\.[0-9]{1,9})?),([0-9]{1,18})")
_RUN = tables.RUN.c
_MARKED = tables.RUN.outerjoin(tables.MARK, tables.RUN.c.seq == tables.MARK.c.seq)
_COLUMNS = [
    *(column for column in tables.RUN.c),
    func.coalesce(tables.MARK.c.starred, literal_column("0") == literal_column("1")).label("starred"),
    func.coalesce(tables.MARK.c.name, "").label("name"),
    func.coalesce(tables.MARK.c.note, "").label("note"),
]


def list_runs(connection: Connection, filters: Filters, cursor: str = "", size: int = PAGE) -> Page:
    """A page of the runs that pass the filters.

    Args:
        connection: To the history.
        filters: Which.
        cursor: A page's `older` or `newer`; empty for the newest. What is no such text counts as empty.
        size: Runs on a page.
    """
    where = conditions(connection, filters)
    query = select(*_COLUMNS).select_from(_MARKED).where(*where)
    match = _CURSOR.fullmatch(cursor)
    place = (tuple_(_RUN.started_at, _RUN.seq), (float(match[2]), int(match[3]))) if match else None
    goes_back = bool(match and match[1] == ">")
    if place:
        query = query.where(place[0] > place[1] if goes_back else place[0] < place[1])
    order = [_RUN.started_at.asc(), _RUN.seq.asc()] if goes_back else [_RUN.started_at.desc(), _RUN.seq.desc()]
    found = [_row(row) for row in connection.execute(query.order_by(*order).limit(size + 1))]
    more, rows = len(found) > size, found[:size]
    if goes_back:
        rows.reverse()
    counted = connection.execute(
        select(func.count()).select_from(
            select(_RUN.seq).select_from(_MARKED).where(*where).limit(_COUNTED + 1).subquery()
        )
    ).scalar_one()
    has_older = more if not goes_back else bool(match)
    has_newer = more if goes_back else bool(match)
    return Page(
        rows=tuple(rows),
        total=min(counted, _COUNTED),
        is_capped=counted > _COUNTED,
        older=_cursor("<", rows[-1]) if rows and has_older else "",
        newer=_cursor(">", rows[0]) if rows and has_newer else "",
    )


def row_of(connection: Connection, run_id: str) -> RunRow | None:
    """A run by its id."""
    found = connection.execute(select(*_COLUMNS).select_from(_MARKED).where(_RUN.id == run_id)).first()
    return _row(found) if found else None


def rows_of(connection: Connection, seqs: Sequence[int]) -> list[RunRow]:
    """Runs by their numbers, the newest first."""
    query = select(*_COLUMNS).select_from(_MARKED).where(_RUN.seq.in_(list(seqs)[:500]))
    return [_row(row) for row in connection.execute(query.order_by(_RUN.started_at.desc(), _RUN.seq.desc()))]


def choices(connection: Connection) -> Choices:
    """The values there are, for filters."""

    return Choices(
        versions=_distinct(connection, _RUN.variant),
        models=_distinct(connection, _RUN.model),
        people=_distinct(connection, _RUN.person),
        sources=_distinct(connection, _RUN.source),
        dataflows=_distinct(connection, _RUN.dataflow),
    )


def _distinct(connection: Connection, column: ColumnElement[str]) -> tuple[str, ...]:
    """Up to 100 values, each found by a jump to the next one in the column's index, however many runs have the last."""
    following = select(func.min(column)).where(column > bindparam("last"))
    found: list[str] = []
    while len(found) < _MOST_CHOICES:
        value = connection.execute(following, {"last": found[-1] if found else ""}).scalar()
        if value is None:
            break
        found.append(value)
    return tuple(found)


def conditions(connection: Connection, filters: Filters) -> list[ColumnElement[bool]]:
    """What a run has to be, as SQL."""
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (_RUN.dataflow, filters.dataflow),
        (_RUN.model, filters.model),
        (_RUN.status, filters.status),
        (_RUN.person, filters.person),
        (_RUN.source, filters.source),
        (_RUN.request_id, filters.request_id),
        (_RUN.experiment, filters.experiment),
    ):
        if value:
            found.append(column == value)
    if filters.version:
        found.append(or_(_RUN.variant == filters.version, _RUN.base == filters.version))
    if filters.document:
        found.append(_is_document(connection, filters.document))
    if filters.since:
        found.append(_RUN.started_at >= filters.since)
    if filters.until:
        found.append(_RUN.started_at < filters.until)
    if filters.cost_from:
        found.append(_RUN.cost_usd >= filters.cost_from)
    if filters.starred:
        found.append(tables.MARK.c.starred.is_(True))
    if filters.prompt_sha256:
        own = and_(tables.PROMPT.c.seq == _RUN.seq, tables.PROMPT.c.sha256 == filters.prompt_sha256)
        found.append(exists().where(own))
    if filters.text.strip():
        found.append(_has_words(connection, filters.text))
    return found


def matching_texts(connection: Connection, words: Sequence[str], is_whole: bool) -> Select[Any] | None:
    """The numbers of the newest 5,000 texts that have all these words; None without words.

    Args:
        connection: To the history.
        words: As words_of gives them; the first 24 count.
        is_whole: Whether the last one is a whole word, or the begin of one.
    """
    if not words:
        return None
    asked = list(words)[:_MOST_WORDS]
    ends_open = not is_whole and len(words) <= _MOST_WORDS
    if connection.dialect.name == "sqlite":
        query = " ".join(f'"{word}"' for word in asked) + ("*" if ends_open else "")
        statement = "SELECT rowid AS id FROM kept_words WHERE kept_words MATCH :words ORDER BY rowid DESC LIMIT :most"
    else:
        query = " & ".join(f"'{word}'" for word in asked) + (":*" if ends_open else "")
        where = "words @@ CAST(:words AS tsquery)"
        statement = f"SELECT id FROM kept_text WHERE {where} ORDER BY id DESC LIMIT :most"  # noqa: S608 no text of others
    found = text(statement).bindparams(words=query, most=MOST_TEXTS)
    return select(found.columns(literal_column("id")).subquery().c.id)


def _is_document(connection: Connection, asked: str) -> ColumnElement[bool]:
    """By its hash, or a part of its name: up to 500 names, looked up in their index, a tenth of the rows."""
    if re.fullmatch("[0-9a-f]{64}", asked):
        return _RUN.document == asked
    like = _RUN.document_name.icontains(asked, autoescape=True)
    names = connection.execute(select(_RUN.document_name).distinct().where(like).limit(_MOST_NAMES))
    return _RUN.document_name.in_(list(names.scalars()))


def _has_words(connection: Connection, typed: str) -> ColumnElement[bool]:
    found = matching_texts(connection, words_of(typed), is_whole=typed[-1:].isspace())
    if found is None:
        return literal_column("1") == literal_column("0")
    use = tables.USE.c
    return _RUN.seq.in_(select(use.seq).where(use.text.in_(found), use.role != "other"))


def _row(row: Any) -> RunRow:
    return RunRow(**{**row._mapping, "starred": bool(row.starred), "is_draft": bool(row.is_draft)})


def _cursor(sign: str, row: RunRow) -> str:
    return f"{sign}{row.started_at:.9f}".rstrip("0").rstrip(".") + f",{row.seq}"
