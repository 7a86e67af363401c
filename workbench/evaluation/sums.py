"""The matrix summed up: by column, and by column within each tag and each document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from workbench.evaluation.rows import Entry, Row
from workbench.evaluation.verdicts import facts_of
from workbench.records import Run


@dataclass(frozen=True)
class Tally:
    """One column over some cases. A case counts once, however often it was repeated."""

    cases: int
    passed: int
    """Cases of which every repetition passed."""
    failed: int
    """Cases of which some repetition didn't."""
    mixed: int
    """Cases of which some repetitions passed and some didn't; they are among the failed."""
    score: float | None
    """The mean of the cases' scores, from 0 to 1; None when none is known."""
    calls_made: int
    """Paid for by this evaluation, the judge's included."""
    calls_reused: int
    cost_usd: float | None
    """What the answers cost when they were made, now or before; None when a price is unknown."""
    judge_usd: float | None
    """What this evaluation paid for the judge."""
    seconds: float | None
    """The mean of what a run's calls took, one after the other; None without a run."""

    @property
    def over(self) -> int:
        """Cases whose outcome is known."""
        return self.passed + self.failed

    @property
    def rate(self) -> float | None:
        """The share of cases that passed, of those whose outcome is known."""
        return self.passed / self.over if self.over else None


def by_column(rows: Sequence[Row]) -> dict[str, Tally]:
    """Label -> its sum over these rows."""
    labels = rows[0].entries if rows else ()
    return {label: _tally([row.entries[label] for row in rows]) for label in labels}


def by_tag(rows: Sequence[Row]) -> dict[str, dict[str, Tally]]:
    """Tag -> label -> its sum over the rows that have the tag."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        for tag in row.case.tags:
            parts.setdefault(tag, []).append(row)
    return {tag: by_column(own) for tag, own in parts.items()}


def by_document(rows: Sequence[Row]) -> dict[str, dict[str, Tally]]:
    """A case's document -> label -> its sum over the rows of the document."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.case.document, []).append(row)
    return {document: by_column(own) for document, own in parts.items()}


def _tally(entries: Sequence[Entry]) -> Tally:
    cells = [cell for entry in entries for cell in entry.cells]
    # Cases of one document and equal inputs share a run, which was paid for once.
    runs = list({id(cell.run): cell.run for cell in cells if cell.run}.values())
    facts = [facts_of(run) for run in runs]
    scores = [entry.score for entry in entries if entry.score is not None]
    seconds = [own.seconds for own in facts if own.seconds is not None]
    return Tally(
        cases=len(entries),
        passed=sum(entry.passed is True for entry in entries),
        failed=sum(entry.passed is False for entry in entries),
        mixed=sum(entry.is_mixed for entry in entries),
        score=fmean(scores) if scores else None,
        calls_made=sum(run.calls_made for run in runs) + sum(cell.judgements.made for cell in cells),
        calls_reused=sum(run.calls_reused for run in runs) + sum(cell.judgements.reused for cell in cells),
        cost_usd=_sum([own.cost_usd for own in facts]),
        judge_usd=_sum([cell.judgements.cost_usd for cell in cells]),
        seconds=fmean(seconds) if seconds else None,
    )


def paid_usd(runs: Sequence[Run], judged: Mapping[str, Tally]) -> float | None:
    """What an evaluation paid in all: for the calls it made, and for the judge; None when a price is unknown."""
    return _sum([*(run.cost_usd for run in runs), *(own.judge_usd for own in judged.values())])


def _sum(costs: Sequence[float | None]) -> float | None:
    return None if None in costs else sum((cost for cost in costs if cost is not None), 0.0)
