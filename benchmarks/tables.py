"""Figures as Markdown, each beside what was promised of it."""

from collections.abc import Iterable, Sequence


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A heading and a Markdown table; floats are shown with what digits they need."""
    lines = [f"### {title}", "", _row(heads), _row("---" for _ in heads), *(_row(map(shown, row)) for row in rows)]
    return "\n".join([*lines, ""])


def shown(value: object) -> str:
    """A figure as a person reads it: three digits, never an exponent."""
    if not isinstance(value, float):
        return str(value)
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{value:.{digits}f}"


def at_most(value: float, bound: float, unit: str = "") -> str:
    """What was promised, and whether the value keeps it: "≤ 1.10: met"."""
    return f"≤ {bound:g}{f' {unit}' if unit else ''}: {'met' if value <= bound else '**missed**'}"


def exactly(value: object, promised: object) -> str:
    """The same for a count."""
    return f"{promised}: {'met' if value == promised else '**missed**'}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
