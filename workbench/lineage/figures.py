"""What each text of a prompt gave, in figures over its runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Connection, Integer, String, Subquery, and_, case, column, func, select, values

from workbench.lineage.sent import recent_runs
from workbench.lineage.times import datable


@dataclass(frozen=True)
class Figures:
    """Over the runs that sent one text; time, tokens and cost are of done runs in which every answer was new."""

    runs: int = 0
    failures: int = 0
    """Runs that failed."""
    documents: int = 0
    """Different ones."""
    calls: int = 0
    """Answered, over all runs; reused ones are not counted."""
    new_runs: int = 0
    """Done runs without a reused answer, which the figures below are of."""
    median_seconds: float | None = None
    tokens_per_run: float | None = None
    """Sent and answered."""
    cost_per_run: float | None = None
    """US dollars, of those whose price is known; None: it is of none."""
    last_at: float = 0.0
    """Seconds since the epoch; 0: it was never used."""


def figures_of(
    connection: Connection, dataflow: str, prompt: str, keys: Mapping[str, str], after: int = 0
) -> dict[str, Figures]:
    """Key of a text -> its figures, over its runs after a number.

    Args:
        connection: To the history.
        dataflow: Its name.
        prompt: Name of the node.
        keys: SHA-256 of what was sent -> key of the text that it is.
        after: Number of the last run that is left out.
    """
    if not keys:
        return {}
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys.values()))}
    runs = recent_runs(dataflow, prompt, after)
    known = _known({sha256: numbers[key] for sha256, key in keys.items()})
    medians = {row.text: float(row.seconds) for row in connection.execute(_medians(runs, known))}
    by_number = {number: key for key, number in numbers.items()}
    return {
        by_number[row.text]: Figures(
            runs=int(row.runs),
            failures=int(row.failures),
            documents=int(row.documents),
            calls=int(row.calls),
            new_runs=int(row.new_runs),
            median_seconds=medians.get(row.text),
            tokens_per_run=None if row.tokens is None else float(row.tokens),
            cost_per_run=None if row.cost is None else float(row.cost),
            last_at=datable(float(row.last_at)),
        )
        for row in connection.execute(_sums(runs, known))
    }


def _known(numbers: Mapping[str, int]) -> CTE:
    """A table of what each hash is of, so that the database adds up by texts and not by what was sent."""
    own = values(column("sha256", String), column("text", Integer), name="known").data(list(numbers.items()))
    return own.cte("known")


def _is_new(run: Any) -> Any:
    return and_(run.status == "done", run.calls_reused == 0)


def _sums(runs: Subquery, known: CTE) -> Any:
    run = runs.c
    is_new = _is_new(run)
    return (
        select(
            known.c.text,
            func.count().label("runs"),
            func.sum(case((run.status == "failed", 1), else_=0)).label("failures"),
            func.count(func.nullif(run.document, "").distinct()).label("documents"),
            func.sum(run.calls_made).label("calls"),
            func.sum(case((is_new, 1), else_=0)).label("new_runs"),
            func.avg(case((is_new, run.input_tokens + run.output_tokens))).label("tokens"),
            func.avg(case((is_new, run.cost_usd))).label("cost"),
            func.max(run.started_at).label("last_at"),
        )
        .join(known, known.c.sha256 == run.sha256)
        .group_by(known.c.text)
    )


def _medians(runs: Subquery, known: CTE) -> Any:
    """The middle one of the sorted times, or what lies between the two middle ones."""
    run = runs.c
    place = func.row_number().over(partition_by=known.c.text, order_by=run.seconds).label("place")
    of = func.count().over(partition_by=known.c.text).label("of")
    ranked = (
        select(known.c.text, run.seconds, place, of)
        .join(known, known.c.sha256 == run.sha256)
        .where(_is_new(run))
        .subquery()
    )
    own = ranked.c
    middle = and_(2 * own.place >= own.of, 2 * own.place <= own.of + 2)
    return select(own.text, func.avg(own.seconds).label("seconds")).where(middle).group_by(own.text)
