"""Evidence out of an evaluation that has ended whole."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from workbench.engine.grid import BETWEEN
from workbench.evaluation.cells import Cell, Column
from workbench.evaluation.evidence import Evidence, Figures, Slice
from workbench.evaluation.judged import unit_of
from workbench.evaluation.outcome import Outcome
from workbench.evaluation.prompt_texts import variant_sha256
from workbench.models.redaction import redact
from workbench.records import Version
from workbench.statistics.verdict import Verdict

_MOST_COLUMNS = 100
_MOST_SLICES = 20
_LONGEST_NAME = 120
_LONGEST_SENTENCE = 800


def evidence_in(outcome: Outcome, versions: Mapping[str, Version], ended_at: float) -> Iterator[tuple[str, Evidence]]:
    """(label, evidence) of each column that differs from the baseline in nothing but its prompts.

    None of an evaluation without a baseline, or with a cell that was stopped or has not ended.

    Args:
        outcome: Of the evaluation.
        versions: Label -> version, as they ran.
        ended_at: Seconds since the epoch.
    """
    columns = {column.label: column for column in outcome.matrix.columns}
    baseline = columns.get(outcome.matrix.baseline)
    if baseline is None or not _is_whole(outcome):
        return
    before = variant_sha256(baseline.variant, versions)
    verdicts = outcome.overall
    for label, column in list(columns.items())[:_MOST_COLUMNS]:
        after = variant_sha256(column.variant, versions)
        same = column.model == baseline.model and column.variant.inputs == baseline.variant.inputs
        if label in verdicts and same and before and after and before != after:
            yield label, _evidence(outcome, (baseline, column), (before, after), ended_at)


def _is_whole(outcome: Outcome) -> bool:
    cells = [cell for row in outcome.rows for entry in row.entries.values() for cell in entry.cells]
    ended = [cell for cell in cells if cell.status in ("done", "failed")]
    return len(ended) == len(outcome.matrix.cell_keys())


def _evidence(outcome: Outcome, columns: tuple[Column, Column], hashes: tuple[str, str], ended_at: float) -> Evidence:
    matrix, label = outcome.matrix, columns[1].label
    before, after = (outcome.tallies[own.label] for own in columns)
    parts = [own for own in outcome.verdicts if own.subject == label and own.slice]
    parts.sort(key=lambda own: (own.word != "worse", -own.n, own.slice))
    return Evidence(
        kind="evaluation",
        date=datetime.fromtimestamp(ended_at, UTC).date().isoformat(),
        prompts_sha256=hashes[1],
        baseline=_clean(columns[0].label),
        baseline_sha256=hashes[0],
        figures=_figures(outcome.overall[label]),
        unit="case" if unit_of(matrix) == "case" else "document",
        dataset=_clean(matrix.dataset.name),
        dataset_sha256=matrix.dataset.sha256,
        cases=len(matrix.dataset.cases),
        documents=len({case.document for case in matrix.dataset.cases}),
        model=_clean(columns[1].model.name),
        passed=(after.passed, after.over),
        baseline_passed=(before.passed, before.over),
        failed_runs=sum(cell.status == "failed" for own in columns for cell in _cells(outcome, own.label)),
        slices=tuple(Slice(_clean(own.slice), _figures(own)) for own in parts[:_MOST_SLICES]),
        joint=tuple(_clean(own, _LONGEST_SENTENCE) for own in _joint(outcome, label)),
    )


def _cells(outcome: Outcome, label: str) -> list[Cell]:
    return [cell for row in outcome.rows for cell in row.entries[label].cells]


def _joint(outcome: Outcome, label: str) -> list[str]:
    """The sentences on this combination; they begin with its versions, see joint_sentence."""
    first, between, second = label.partition(BETWEEN)
    begins = f"{first} of the first prompt and {second} of the second prompt: "
    return [own for own in outcome.joint if between and own.startswith(begins)]


def _figures(own: Verdict) -> Figures:
    # Rounded, so that the same evaluation made again on another machine is the same line in a difference.
    interval = None if own.interval is None else (round(own.interval[0], 6), round(own.interval[1], 6))
    difference = None if own.difference is None else round(own.difference, 6)
    p = float(f"{own.p:.6g}")
    return Figures(own.word, own.n, own.wins, own.losses, own.ties, interval, p, difference, own.needed)


def _clean(text: str, longest: int = _LONGEST_NAME) -> str:
    """Without what looks like a key, in UTF-8, cut."""
    return redact(text).encode("utf-8", "replace").decode("utf-8")[:longest]
