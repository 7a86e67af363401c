"""Put runs into the history: rows, texts, calls and figures in one transaction."""

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from workbench.history import tables
from workbench.history.kept import KeptRun, Role
from workbench.history.rollups import add_figures
from workbench.history.texts import loose, packed, places_of, sha256_of, to_bytes, without_texts, words_of

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NEW_RUN = insert(tables.RUN).returning(tables.RUN.c.seq)
_FOUND: frozenset[Role] = frozenset({"prompt", "output", "answer"})


def put(connection: Connection, run: KeptRun) -> int:
    """Its number in the history; the one it has where it is there already.

    Args:
        connection: In a transaction of its own.
        run: What to keep.
    """
    known = connection.execute(select(tables.RUN.c.seq).where(tables.RUN.c.id == run.id)).scalar()
    if known is not None:
        return int(known)
    texts: dict[str, str] = {}

    def keep(own: str) -> str:
        sha256 = sha256_of(own)
        texts[sha256] = own
        return sha256

    body = without_texts(run.body, keep)
    roles: dict[str, set[Role]] = {}
    for role, own in run.texts:
        roles.setdefault(keep(own), set()).add(role)
    for sha256 in places_of(body):
        roles.setdefault(sha256, {"other"})
    ids = _put_texts(connection, texts, roles)
    seq = int(connection.execute(_NEW_RUN, _row(run)).scalar_one())
    connection.execute(
        insert(tables.BODY), {"seq": seq, "body": zlib.compress(to_bytes(json.dumps(body, ensure_ascii=False)), 6)}
    )
    uses = [{"seq": seq, "text": ids[own], "role": role} for own, named in roles.items() for role in sorted(named)]
    _put_all(connection, tables.USE, uses)
    _put_all(
        connection, tables.PROMPT, [{"seq": seq, "node": _clean(n, 120), "sha256": s} for n, s in run.prompts.items()]
    )
    made = {call.key for call in run.calls if call.is_made and call.key}
    _put_all(connection, tables.MADE, [{"key": key, "seq": seq} for key in sorted(made)])
    add_figures(connection, run)
    return seq


def _row(run: KeptRun) -> dict[str, Any]:
    made = [call for call in run.calls if call.is_made and not call.is_failed]
    costs = [call.cost_usd for call in made]
    return {
        "id": run.id,
        "started_at": run.started_at,
        "seconds": run.seconds,
        "status": _clean(run.status, 16),
        "source": _clean(run.source, 80),
        "project": _clean(run.project, 80),
        "dataflow": _clean(run.dataflow, 80),
        "experiment": _clean(run.experiment, 64),
        "repetition": run.repetition,
        "variant": _clean(run.variant, 200),
        "base": _clean(run.base, 200),
        "is_draft": run.is_draft,
        "person": _clean(run.person, 120),
        "model": _clean(run.model, 200),
        "document": run.document,
        "document_name": _clean(run.document_name, 200),
        "inputs": _clean(run.inputs, 200),
        "git_sha": _clean(run.git_sha, 64),
        "git_dirty": run.git_dirty,
        "request_id": _clean(run.request_id, 200),
        "output_sha256": run.output_sha256,
        "output_loose": run.output_loose,
        "calls_made": len(made),
        "calls_reused": sum(not call.is_made for call in run.calls),
        "calls_failed": sum(call.is_failed for call in run.calls),
        "input_tokens": sum(call.input_tokens for call in run.calls),
        "output_tokens": sum(call.output_tokens for call in run.calls),
        "cost_usd": None if None in costs else sum(cost for cost in costs if cost is not None),
        "error": _clean(run.error, 300),
    }


def _clean(value: str, most: int) -> str:
    """For a column of text: on one line, without what a database refuses, and no longer than the column."""
    return " ".join(_UNSHOWN.sub(" ", value[: 4 * most]).split())[:most]


def _put_texts(connection: Connection, texts: Mapping[str, str], roles: Mapping[str, set[Role]]) -> dict[str, int]:
    """SHA-256 -> number of the text; those that are new are stored, in an order that no two writers turn around."""
    ids = _ids(connection, sorted(texts))
    new = [sha256 for sha256 in sorted(texts) if sha256 not in ids]
    rows = [
        {
            "sha256": sha256,
            "loose_sha256": sha256_of(loose(texts[sha256])),
            "characters": len(texts[sha256]),
            "is_found": not _FOUND.isdisjoint(roles[sha256]),
            "data": packed(texts[sha256]),
        }
        for sha256 in new
    ]
    _put_all(connection, tables.TEXT, rows)
    added = _ids(connection, new)
    ids.update(added)
    for sha256 in new:
        if not _FOUND.isdisjoint(roles[sha256]):
            _index(connection, added[sha256], texts[sha256])
    _find_from_now_on(connection, texts, [own for own in ids if own not in added and not _FOUND.isdisjoint(roles[own])])
    return ids


def _find_from_now_on(connection: Connection, texts: Mapping[str, str], known: Sequence[str]) -> None:
    """A text that was only part of a run before, and is an answer now."""
    if not known:
        return
    found = select(tables.TEXT.c.id, tables.TEXT.c.sha256).where(
        tables.TEXT.c.sha256.in_(known), tables.TEXT.c.is_found.is_(False)
    )
    for number, sha256 in connection.execute(found).all():
        connection.execute(tables.TEXT.update().where(tables.TEXT.c.id == number).values(is_found=True))
        _index(connection, number, texts[sha256])


def _index(connection: Connection, number: int, own: str) -> None:
    words = words_of(own)
    if connection.dialect.name == "sqlite":
        statement = "INSERT INTO kept_words (rowid, words) VALUES (:id, :words)"
        connection.execute(text(statement), {"id": number, "words": " ".join(words)})
    else:
        statement = "UPDATE kept_text SET words = array_to_tsvector(CAST(:words AS text[])) WHERE id = :id"
        connection.execute(text(statement), {"id": number, "words": words})


_TEXTS_BY_HASH = select(tables.TEXT.c.sha256, tables.TEXT.c.id).where(
    tables.TEXT.c.sha256.in_(bindparam("hashes", expanding=True))
)


def _ids(connection: Connection, hashes: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(hashes), 500):
        rows = connection.execute(_TEXTS_BY_HASH, {"hashes": list(hashes[start : start + 500])})
        found |= {row.sha256: row.id for row in rows}
    return found


@cache
def _insert_new(dialect: str, table: Table) -> Any:
    """Of rows that are not there yet; made once, as that costs more than running it."""
    made = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    return made.on_conflict_do_nothing()


def _put_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(_insert_new(connection.dialect.name, table), [dict(row) for row in rows])
