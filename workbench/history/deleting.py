"""Take runs out of the history, with what nothing else needs."""

import time
from collections.abc import Sequence

from sqlalchemy import Connection, delete, exists, func, select, text

from workbench.history import tables
from workbench.history.kept import Dependents
from workbench.history.texts import unpacked, words_of

_AT_ONCE = 200
_DAY = 86_400.0


def dependents(connection: Connection, seqs: Sequence[int]) -> Dependents:
    """What goes with these runs, and who used what they made."""
    own, others = list(seqs), tables.USE.alias()
    only_here = ~exists().where(others.c.text == tables.USE.c.text, others.c.seq.not_in(own))
    texts = select(func.count(tables.USE.c.text.distinct())).where(tables.USE.c.seq.in_(own), only_here)
    marks = select(tables.MARK).where(tables.MARK.c.seq.in_(own))
    rows = connection.execute(marks).all()
    return Dependents(
        runs=len(own),
        texts=int(connection.execute(texts).scalar_one()),
        reused_by=_reused_by(connection, own),
        starred=sum(bool(row.starred) for row in rows),
        noted=sum(bool(row.note or row.name) for row in rows),
    )


def _reused_by(connection: Connection, own: Sequence[int]) -> int:
    """Later runs with an answer that these paid for."""
    made = select(tables.MADE.c.seq).where(tables.MADE.c.seq.in_(own))
    answers = select(tables.USE.c.text).where(tables.USE.c.seq.in_(made), tables.USE.c.role == "answer")
    use = tables.USE.c
    later = select(func.count(use.seq.distinct())).where(
        use.text.in_(answers), use.role == "answer", use.seq.not_in(list(own)), use.seq > min(own, default=0)
    )
    return int(connection.execute(later).scalar_one())


def delete_runs(connection: Connection, seqs: Sequence[int]) -> None:
    """Delete these runs; texts that no other run has go with them, figures by the hour stay."""
    for start in range(0, len(seqs), _AT_ONCE):
        own = list(seqs[start : start + _AT_ONCE])
        texts = list(
            connection.execute(select(tables.USE.c.text).distinct().where(tables.USE.c.seq.in_(own))).scalars()
        )
        for table in (tables.USE, tables.MADE, tables.MARK, tables.PROMPT, tables.BODY, tables.RUN):
            connection.execute(delete(table).where(table.c.seq.in_(own)))
        _delete_unused(connection, texts)


def delete_old(connection: Connection, days: int, now: float | None = None) -> int:
    """Delete up to 200 runs that are older than this many days and not starred; how many it were."""
    run, mark = tables.RUN.c, tables.MARK.c
    before = (time.time() if now is None else now) - days * _DAY
    starred = exists().where(mark.seq == run.seq, mark.starred.is_(True))
    query = select(run.seq).where(run.started_at < before, ~starred).order_by(run.started_at).limit(_AT_ONCE)
    seqs = list(connection.execute(query).scalars())
    delete_runs(connection, seqs)
    return len(seqs)


def _delete_unused(connection: Connection, texts: Sequence[int]) -> None:
    for start in range(0, len(texts), _AT_ONCE):
        some = list(texts[start : start + _AT_ONCE])
        used = set(connection.execute(select(tables.USE.c.text).where(tables.USE.c.text.in_(some))).scalars())
        gone = [own for own in some if own not in used]
        if not gone:
            continue
        if connection.dialect.name == "sqlite":
            rows = select(tables.TEXT.c.id, tables.TEXT.c.data).where(
                tables.TEXT.c.id.in_(gone), tables.TEXT.c.is_found
            )
            for row in connection.execute(rows).all():
                words = " ".join(words_of(unpacked(row.data)))
                statement = "INSERT INTO kept_words (kept_words, rowid, words) VALUES ('delete', :id, :words)"
                connection.execute(text(statement), {"id": row.id, "words": words})
        connection.execute(delete(tables.TEXT).where(tables.TEXT.c.id.in_(gone)))
