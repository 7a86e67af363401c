"""Calls, tokens, cost, errors, latency and versions over time, added up by the database from rolled-up rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from workbench.history.history import History
from workbench.history.monitoring_changes import StepCalls, changes_of
from workbench.history.monitoring_frame import frame_of
from workbench.history.monitoring_records import Asked, Figures, LiveVersion, Point, Sums, Values, VersionCalls
from workbench.history.monitoring_rows import ROW, Source, every_call, first_call, has_days
from workbench.history.monitoring_tally import Tally

_MOST_VALUES = 5_000
_COUNT = func.sum(ROW.count).label("calls")
_SUMS = (
    _COUNT,
    func.sum(ROW.input_tokens).label("input_tokens"),
    func.sum(ROW.output_tokens).label("output_tokens"),
    func.sum(ROW.cost_usd).label("cost_usd"),
)


def read_figures(history: History, ask: Callable[[Values], Asked]) -> tuple[Figures, Values]:
    """What a page of charts shows, and what can be asked for, of one moment.

    Args:
        history: Of the project.
        ask: Given what can be asked for, says what is.

    Raises:
        HistoryError: The database can't be asked.
    """
    with history.reading() as connection:
        known = values(connection)
        return figures(connection, ask(known)), known


def figures(connection: Connection, asked: Asked) -> Figures:
    """What was called in a span of time, in at most 120 steps.

    Hours are kept since the epoch; days, and weeks from Monday, are those of this machine's time zone. The span is
    widened to whole hours, or whole days for steps of a day and more.
    """
    since = asked.since or first_call(connection)
    if since is None:
        return Figures(frame_of(asked.until, asked.until))
    source = Source(frame_of(since, asked.until), has_days(connection))
    frame = source.frame
    tallies = _Tallies(connection, source, asked)
    runs = _runs(connection, source, asked)
    changes, unpriced = _by_source(connection, source, asked)
    steps = {number: (at, ends) for number, at, ends in frame.steps()}
    live = [
        LiveVersion(*name, frame.time_of(own.first), frame.time_of(own.last), own.sums())
        for name, own in tallies.versions.items()
    ]
    return Figures(
        frame,
        tuple(Point(at, ends, tallies.steps[own].sums(runs[own])) for own, (at, ends) in steps.items()),
        tuple(
            VersionCalls(*steps[own], dataflow, version, count)
            for (own, dataflow, version), count in sorted(tallies.calls.items())
        ),
        tuple(sorted(live, key=lambda own: (-own.last, -own.sums.calls, own.dataflow, own.version))),
        tuple(changes_of(changes)),
        tallies.all.sums(runs.total()),
        _total(connection, replace(source, frame=frame.before()), asked) if asked.since else None,
        unpriced,
    )


def values(connection: Connection) -> Values:
    """What calls of any time can be asked for by."""
    columns = (ROW.dataflow, ROW.version, ROW.model, ROW.source)
    query = select(*columns).distinct().where(*every_call(has_days(connection))).limit(_MOST_VALUES)
    found = list(connection.execute(query))
    return Values(*(tuple(sorted({str(row[place]) for row in found} - {""})) for place in range(len(columns))))


class _Tallies:
    """Of all calls, of each step and of each version."""

    def __init__(self, connection: Connection, source: Source, asked: Asked) -> None:
        self.all = Tally()
        self.steps: dict[int, Tally] = defaultdict(Tally)
        self.versions: dict[tuple[str, str], Tally] = defaultdict(Tally)
        self.calls: Counter[tuple[int, str, str]] = Counter()
        units = (func.min(source.unit).label("first"), func.max(source.unit).label("last"))
        groups = (source.step, ROW.dataflow, ROW.version, ROW.bucket)
        query = select(*groups, *_SUMS, *units).where(*source.calls(asked)).group_by(*_names(groups))
        for row in connection.execute(query):
            version = self.versions[row.dataflow, row.version]
            for tally in (self.all, self.steps[row.step], version):
                tally.add(row)
            version.first, version.last = min(version.first, row.first), max(version.last, row.last)
            self.calls[row.step, row.dataflow, row.version] += int(row.calls)


def _runs(connection: Connection, source: Source, asked: Asked) -> Counter[int]:
    query = select(source.step, _COUNT).where(*source.runs(asked)).group_by("step")
    return Counter({row.step: int(row.calls) for row in connection.execute(query)})


def _by_source(connection: Connection, source: Source, asked: Asked) -> tuple[Iterable[StepCalls], tuple[str, ...]]:
    """Calls of each version by source, whichever version or model is asked for; and models without any cost."""
    groups = (source.step, ROW.dataflow, ROW.source, ROW.version, ROW.model)
    where = source.calls(replace(asked, version="", model=""))
    query = select(*groups, *_SUMS, func.min(source.unit).label("first")).where(*where).group_by(*_names(groups))
    counted: dict[tuple[Any, ...], StepCalls] = {}
    costs: dict[str, tuple[int, float]] = {}
    for row in connection.execute(query):
        key = (row.step, row.dataflow, row.source, row.version)
        known = counted.get(key)
        calls, first = int(row.calls), source.frame.time_of(row.first)
        counted[key] = StepCalls(
            *key, calls + (known.calls if known else 0), min(first, known.first if known else first)
        )
        if asked.version in ("", row.version) and asked.model in ("", row.model):
            tokens, cost = costs.get(row.model, (0, 0.0))
            costs[row.model] = (tokens + int(row.input_tokens) + int(row.output_tokens), cost + row.cost_usd)
    return counted.values(), tuple(sorted(own for own, (tokens, cost) in costs.items() if tokens and not cost))


def _total(connection: Connection, source: Source, asked: Asked) -> Sums:
    tally = Tally()
    query = select(ROW.bucket, *_SUMS).where(*source.calls(asked)).group_by(ROW.bucket)
    for row in connection.execute(query):
        tally.add(row)
    return tally.sums(_runs(connection, source, asked).total())


def _names(groups: Iterable[Any]) -> list[Any]:
    return ["step" if own.name == "step" else own for own in groups]
