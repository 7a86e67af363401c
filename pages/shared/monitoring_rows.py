"""What each chart of the Monitoring page draws."""

from collections import Counter
from collections.abc import Sequence

from pages.shared.monitoring_axes import Row
from pages.shared.monitoring_words import cost_words, seconds_words, share_words, step_words, version_words
from workbench.history.monitoring_records import Figures, Point

_MOST_COLOURS = 7
_OTHERS = "all others"
LATENCIES = ("p50", "p95")
TOKENS = ("in", "out")


def version_rows(figures: Figures) -> tuple[list[Row], list[str]]:
    """Calls of each version, and the versions; the seven most called have a colour, the others one together."""
    calls: Counter[str] = Counter()
    for own in figures.live:
        calls[version_words(own.dataflow, own.version, figures)] += own.sums.calls
    named = [name for name, _ in calls.most_common(_MOST_COLOURS)]
    steps: Counter[tuple[float, float, str]] = Counter()
    for step in figures.versions:
        name = version_words(step.dataflow, step.version, figures)
        steps[step.at, step.ends, name if name in named else _OTHERS] += step.calls
    rows = [_row(at, ends, figures, count, name, f"{count:,} calls") for (at, ends, name), count in steps.items()]
    return rows, sorted(named) + ([_OTHERS] if len(calls) > len(named) else [])


def latency_rows(figures: Figures) -> list[Row]:
    """p50 and p95 of each step."""
    return [
        _row(point.at, point.ends, figures, value, name, f"{seconds_words(value)} of {point.sums.calls:,} calls")
        for point in figures.points
        for name, value in zip(LATENCIES, (point.sums.p50, point.sums.p95), strict=True)
    ]


def error_rows(figures: Figures) -> list[Row]:
    """Errors of each step."""
    return [
        _row(*_ends(own), figures, own.sums.errors, "", f"{own.sums.errors:,} ({share_words(own.sums.error_share)})")
        for own in _called(figures)
    ]


def token_rows(figures: Figures) -> list[Row]:
    """Tokens in and out of each step."""
    return [
        _row(*_ends(own), figures, value, name, f"{value:,} tokens")
        for own in _called(figures)
        for name, value in zip(TOKENS, (own.sums.input_tokens, own.sums.output_tokens), strict=True)
    ]


def cost_rows(figures: Figures) -> list[Row]:
    """Cost of each step."""
    return [
        _row(*_ends(own), figures, own.sums.cost_usd, "", cost_words(own.sums.cost_usd)) for own in _called(figures)
    ]


def _called(figures: Figures) -> Sequence[Point]:
    return [own for own in figures.points if own.sums.calls]


def _ends(point: Point) -> tuple[float, float]:
    return point.at, point.ends


def _row(at: float, ends: float, figures: Figures, value: float | None, kind: str, told: str) -> Row:
    return {
        "at": at,
        "ends": ends,
        "value": value,
        "kind": kind,
        "told": told,
        "when": step_words(at, ends, figures),
    }
