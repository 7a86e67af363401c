"""What the history tells: when a draft's text ran first, and when a service used a version first."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from workbench.history import tables
from workbench.history.kept import APP, COMMAND
from workbench.lineage.events import Event, Told
from workbench.lineage.sent import MOST_RUNS, last_left_out
from workbench.lineage.texts import key_of
from workbench.records import Version

_MOST_EVENTS = 1_000
_RUN, _PROMPT = tables.RUN.c, tables.PROMPT.c


def run_events(
    connection: Connection, dataflow: str, versions: Mapping[str, Version], most_runs: int = MOST_RUNS
) -> Told:
    """First runs, over the newest runs of the dataflow.

    Args:
        connection: To the history.
        dataflow: Its name.
        versions: Its versions; a draft's prompt that is still as one of them is no text of the draft's own.
        most_runs: How many are looked at; where there are more, what is first among these may not be first of all.
    """
    after = last_left_out(connection, dataflow, most_runs)
    notes = [f"First runs are looked for among the newest {most_runs:,} runs."] if after else []
    events = [
        *_drafts(connection, dataflow, versions, after),
        *_services(connection, dataflow, after),
    ]
    return Told(tuple(events), tuple(notes))


def _drafts(connection: Connection, dataflow: str, versions: Mapping[str, Version], after: int) -> list[Event]:
    place = func.row_number().over(partition_by=(_PROMPT.node, _PROMPT.sha256), order_by=(_RUN.started_at, _RUN.seq))
    columns = (_RUN.id, _RUN.started_at, _RUN.variant, _RUN.base, _RUN.person, _RUN.is_draft)
    first = (
        select(*columns, _PROMPT.node, _PROMPT.sha256, place.label("place"))
        .join(tables.PROMPT, _PROMPT.seq == _RUN.seq)
        .where(_RUN.dataflow == dataflow, _RUN.seq > after)
        .subquery()
    )
    query = select(first).where(first.c.place == 1, first.c.is_draft).order_by(first.c.started_at.desc())
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query.limit(_MOST_EVENTS)):
        if not _is_of(versions.get(row.base), row.node, row.sha256):
            found.setdefault(row.id, []).append(row)
    return [_of_draft(dataflow, rows) for rows in found.values()]


def _is_of(version: Version | None, node: str, sha256: str) -> bool:
    return bool(version and node in version.prompts and key_of(version.prompts[node], version.sha256) == sha256)


def _of_draft(dataflow: str, rows: list[Any]) -> Event:
    row, prompts = rows[0], ", ".join(sorted(own.node for own in rows))
    what = f"{row.variant}, a draft of {row.base}, ran first"
    return Event(row.started_at, "draft", dataflow, what, row.person, f"Another text of {prompts}", run=row.id)


def _services(connection: Connection, dataflow: str, after: int) -> list[Event]:
    first = (
        select(_RUN.source, _RUN.variant, _RUN.base, func.min(_RUN.started_at).label("at"))
        .where(_RUN.dataflow == dataflow, _RUN.seq > after, _RUN.source.not_in([APP, COMMAND]))
        .group_by(_RUN.source, _RUN.variant, _RUN.base)
        .order_by(func.min(_RUN.started_at).desc())
        .limit(_MOST_EVENTS)
    )
    events = []
    for row in connection.execute(first):
        label = "" if row.base in ("", row.variant) else f" ({row.base})"
        events.append(Event(row.at, "service", dataflow, f"{row.source} first used {row.variant}{label}"))
    return events
