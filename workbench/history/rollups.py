"""Figures by the hour, added up while runs are kept, so that a chart of a million calls reads a few hundred rows.

A duration is kept as the number of its bucket: each is 2^(1/4) times as long as the one before, so that a percentile
read off them is at most 9 % off (half a bucket, in the logarithm).
"""

import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from workbench.history import tables
from workbench.history.kept import KeptRun
from workbench.history.monitoring_days import day_rows

FAILED = -1
"""The bucket of what failed."""
_FIRST_SECONDS = 0.001
_STEPS = 4
"""Buckets for each doubling."""
_LAST = 120
"""About 1,000,000 s."""
_KEYS = ("hour", "kind", "dataflow", "version", "model", "source", "bucket")
_SUMS = ("count", "input_tokens", "output_tokens", "cost_usd", "seconds")


@dataclass
class _Sum:
    count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Spread:
    """How long things took, by buckets."""

    counts: Counter[int] = field(default_factory=Counter)

    def percentile(self, share: float) -> float | None:
        """The duration in seconds that this share (0 to 1) of them did not exceed; None without any."""
        total = sum(count for bucket, count in self.counts.items() if bucket != FAILED)
        if not total:
            return None
        left = max(1, math.ceil(share * total))
        for bucket in sorted(own for own in self.counts if own != FAILED):
            left -= self.counts[bucket]
            if left <= 0:
                return seconds_of(bucket)
        return None


def bucket_of(seconds: float) -> int:
    """The bucket of a duration, from 0."""
    if seconds <= _FIRST_SECONDS:
        return 0
    return min(_LAST, round(_STEPS * math.log2(seconds / _FIRST_SECONDS)))


def seconds_of(bucket: int) -> float:
    """The duration in the middle of a bucket."""
    return float(_FIRST_SECONDS * 2 ** (bucket / _STEPS))


def add_figures(connection: Connection, run: KeptRun) -> None:
    """Add a run and the calls it made to their hours."""
    sums: dict[tuple[Any, ...], _Sum] = {}
    version = f"{run.base} (draft)" if run.is_draft else run.variant

    def add(
        kind: str, model: str, at: float, is_failed: bool, seconds: float, tokens: tuple[int, int], cost: float
    ) -> None:
        bucket = FAILED if is_failed else bucket_of(seconds)
        key = (int(at // 3600), kind, run.dataflow[:80], version[:200], model[:200], run.source[:80], bucket)
        own = sums.setdefault(key, _Sum())
        own.count += 1
        own.input_tokens += tokens[0]
        own.output_tokens += tokens[1]
        own.cost_usd += cost
        own.seconds += seconds

    add("run", run.model, run.started_at, run.status == "failed", run.seconds, (0, 0), 0.0)
    for call in run.calls:
        if call.is_made:
            tokens = (call.input_tokens, call.output_tokens)
            add(
                "call",
                call.model,
                call.at or run.started_at,
                call.is_failed,
                call.seconds,
                tokens,
                call.cost_usd or 0.0,
            )
    rows = [dict(zip(_KEYS, key, strict=True)) | vars(own) for key, own in sorted(sums.items())]
    connection.execute(_adding(connection.dialect.name), [*rows, *day_rows(rows)])


@cache
def _adding(dialect: str) -> Any:
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(tables.ROLLUP)
    added = {name: tables.ROLLUP.c[name] + statement.excluded[name] for name in _SUMS}
    return statement.on_conflict_do_update(index_elements=list(_KEYS), set_=added)
