"""What runs sent as a prompt: its texts by their hash, and under which labels."""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, Subquery, func, not_, select

from workbench.history import tables
from workbench.history.kept import APP, COMMAND

MOST_RUNS = 50_000
"""Of a dataflow that are looked at, the newest."""
_MOST_GROUPS = 2_000
_RUN, _PROMPT = tables.RUN.c, tables.PROMPT.c
_USED = [
    *(_RUN.seq, _RUN.started_at, _RUN.seconds, _RUN.status, _RUN.variant, _RUN.base, _RUN.is_draft, _RUN.document),
    *(_RUN.calls_made, _RUN.calls_reused, _RUN.input_tokens, _RUN.output_tokens, _RUN.cost_usd),
]
"""Others would be carried along by the database for each run."""


@dataclass(frozen=True)
class Sent:
    """Runs that sent the same text under the same label."""

    sha256: str
    """Of the text, its parameters filled."""
    variant: str
    base: str
    is_draft: bool
    is_service: bool
    """It was neither run in the app nor by a command."""
    runs: int
    first_at: float
    """Seconds since the epoch."""
    last_at: float
    newest: int
    """Number of the last of these runs in the history."""


def last_left_out(connection: Connection, dataflow: str, most_runs: int) -> int:
    """Number of the newest run of a dataflow that is too old to be looked at; 0 where all are."""
    query = select(_RUN.seq).where(_RUN.dataflow == dataflow).order_by(_RUN.seq.desc()).offset(most_runs).limit(1)
    return int(connection.execute(query).scalar() or 0)


def sent_texts(connection: Connection, dataflow: str, prompt: str, after: int = 0) -> list[Sent]:
    """What a prompt's runs after this number sent, what was sent last first; at most 2,000 lines."""
    own = recent_runs(dataflow, prompt, after).c
    query = (
        select(
            own.sha256,
            own.variant,
            own.base,
            own.is_draft,
            own.is_service,
            func.count().label("runs"),
            func.min(own.started_at).label("first_at"),
            func.max(own.started_at).label("last_at"),
            func.max(own.seq).label("newest"),
        )
        .group_by(own.sha256, own.variant, own.base, own.is_draft, own.is_service)
        .order_by(func.max(own.seq).desc())
        .limit(_MOST_GROUPS)
    )
    flags = ("is_draft", "is_service")
    rows = [dict(row._mapping) for row in connection.execute(query)]
    return [Sent(**{**row, **{name: bool(row[name]) for name in flags}}) for row in rows]


def recent_runs(dataflow: str, prompt: str, after: int) -> Subquery:
    """A prompt's runs after this number, with the hash of what they sent as it."""
    is_service = not_(_RUN.source.in_([APP, COMMAND]))
    query: Select[tuple[object, ...]] = (
        select(*_USED, _PROMPT.sha256, is_service.label("is_service"))
        .join(tables.PROMPT, _PROMPT.seq == _RUN.seq)
        .where(_PROMPT.node == prompt, _RUN.dataflow == dataflow, _RUN.seq > after)
    )
    return query.subquery()
