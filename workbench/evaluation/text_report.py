"""An evaluation as text: a table of the variants, and the cases that went wrong. For terminals and for Markdown."""

import re
from collections.abc import Sequence

from workbench.evaluation.judged import rate_interval, unit_of
from workbench.evaluation.listing import sorted_rows
from workbench.evaluation.outcome import Outcome
from workbench.evaluation.rows import Row
from workbench.evaluation.sums import Tally
from workbench.statistics.wording import sentence, short

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:-])")
_MOST_LISTED = 50
_HEADS = ("variant", "passed", "rate (95 %)", "score", "cost", "s per run", "calls made", "reused")


def text_report(outcome: Outcome) -> str:
    """For a terminal; nothing in it steers one."""
    rows = [_HEADS, *_table(outcome)]
    if outcome.matrix.baseline:
        rows = [(*own, word) for own, word in zip(rows, ["against the baseline", *_words(outcome)], strict=True)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    listed = [f"{name} | {label}: {reason}" for name, label, reason in _wrong(outcome)]
    parts = [
        _summary(outcome),
        "",
        *lines,
        "",
        *map(sentence, outcome.overall.values()),
        *outcome.joint,
        *([""] if listed else []),
    ]
    return "\n".join(map(shown, [*parts, *listed, *outcome.failures]))


def markdown_report(outcome: Outcome) -> str:
    """For a pull request; what cases and models say is text in it, never marks."""
    heads = [*_HEADS, *(["against the baseline"] if outcome.matrix.baseline else [])]
    words = _words(outcome)
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for row, word in zip(_table(outcome), words, strict=True):
        cells = [*row, *([word] if outcome.matrix.baseline else [])]
        lines.append(f"| {' | '.join(map(escaped, cells))} |")
    listed = [f"- **{escaped(name)}**, {escaped(label)}: {escaped(reason)}" for name, label, reason in _wrong(outcome)]
    said = [f"- {escaped(sentence(own))}" for own in outcome.overall.values()]
    failed = [f"- {escaped(own)}" for own in outcome.failures]
    parts = [f"{escaped(_summary(outcome))}\n", *lines, ""]
    together = [f"- {escaped(own)}" for own in outcome.joint]
    for title, own in (
        ("Against the baseline", said),
        ("Together", together),
        ("What failed", listed),
        ("Why it fails", failed),
    ):
        parts += [f"**{title}**", "", *own, ""] if own else []
    return "\n".join(parts)


def shown(text: str) -> str:
    """The text on one line, without what steers a terminal."""
    return _UNSHOWN.sub("\ufffd", text)


def escaped(text: str) -> str:
    """The text as Markdown that shows it as it is."""
    return _MARKS.sub(r"\\\1", shown(text))


def _summary(outcome: Outcome) -> str:
    matrix = outcome.matrix
    repeated = f" x {matrix.repetitions} repetitions" if matrix.repetitions > 1 else ""
    unit = f"; a verdict counts each {unit_of(matrix)} once" if matrix.baseline else ""
    paid = "at an unknown price" if outcome.paid_usd is None else f"{_usd(outcome.paid_usd)} paid"
    return (
        f"{matrix.dataset.name} ({matrix.dataset.sha256[:12]}): {len(matrix.dataset.cases):,} cases x "
        f"{len(matrix.columns)} variants{repeated} in {outcome.seconds:.1f} s, {paid}{unit}"
    )


def _table(outcome: Outcome) -> list[tuple[str, ...]]:
    return [(label, *_figures(tally)) for label, tally in outcome.tallies.items()]


def _figures(tally: Tally) -> tuple[str, ...]:
    low, high = rate_interval(tally)
    mixed = f" ({tally.mixed} mixed)" if tally.mixed else ""
    left = f" of {tally.cases:,} asked" if tally.over < tally.cases else ""
    return (
        f"{tally.passed:,} of {tally.over:,}{mixed}{left}",
        "-" if tally.rate is None else f"{tally.rate:.0%} ({low:.0%} to {high:.0%})",
        "-" if tally.score is None else f"{tally.score:.2f}",
        _usd(tally.cost_usd),
        "-" if tally.seconds is None else f"{tally.seconds:.2f}",
        f"{tally.calls_made:,}",
        f"{tally.calls_reused:,}",
    )


def _words(outcome: Outcome) -> list[str]:
    verdicts = outcome.overall
    return [short(verdicts[label]) if label in verdicts else "baseline" for label in outcome.tallies]


def _wrong(outcome: Outcome) -> list[tuple[str, str, str]]:
    """(case, column, reason) of what didn't pass, those that regressed most first, at most 50."""
    found = [
        (row.case.name, label, "; ".join(reasons))
        for row in _ordered(outcome)
        for label in row.entries
        if (reasons := reasons_of(row, label))
    ]
    more = len(found) - _MOST_LISTED
    return found[:_MOST_LISTED] + ([("and", f"{more:,} more", "see the JSON or the JUnit report")] if more > 0 else [])


def _ordered(outcome: Outcome) -> Sequence[Row]:
    return sorted_rows(outcome.rows, "regressed most") if outcome.matrix.baseline else outcome.rows


def reasons_of(row: Row, label: str) -> list[str]:
    """Why the case didn't pass in the column, each reason once; empty when it did, or isn't over."""
    reasons: dict[str, None] = {}
    for cell in row.entries[label].cells:
        if cell.verdict and not cell.verdict.passed:
            failed = [own.reason for own in cell.verdict.results if not own.passed]
            score = f"the score {cell.verdict.score:.3g} is below {row.case.threshold:g}." if row.case.threshold else ""
            reasons |= dict.fromkeys([*failed, *([score] if score else [])])
        elif cell.status in ("failed", "stopped"):
            reasons[cell.fault or "It was stopped."] = None
    return list(reasons)


def _usd(cost: float | None) -> str:
    return "price unknown" if cost is None else f"${cost:.4f}"
