"""The figures of repeated runs: a line per figure, with a dot for each repetition."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.shared.escaping import escaped
from workbench.comparison.spread import COMPARED_CHARS, Spread, spread_of

_ALIKE = (
    "How much text two answers have in common, over all pairs of repetitions. 100%: the same text. 0%: nothing in "
    f"common. Counted in characters that would have to be put in or taken out (Indel), in the first {COMPARED_CHARS:,}."
)


@dataclass(frozen=True)
class Figure:
    """One figure of a run, over its repetitions."""

    label: str
    values: Sequence[tuple[int, float, str]]
    """(repetition from 0, its value, the value as text), of those that are done."""
    median: str
    """As text."""
    ends: str
    """Least and most, as text."""
    axis: Spread
    """From where to where the strip goes; the same for all that are to be compared."""
    tone: str = ""
    """Of the median: "best", or empty."""


def spread_html(figures: Sequence[Figure], shown: int) -> str:
    """A line per figure: its median, its repetitions as dots on an axis, its least and most.

    Args:
        figures: What to show.
        shown: The repetition shown beside them, from 0; its dot stands out.
    """
    return f'<dl class="wb-spread">{"".join(_line(figure, shown) for figure in figures)}</dl>'


def apart_html(different: int, total: int, alike: Spread | None) -> str:
    """How far some answers lie apart: "3 different answers in 5, alike 62 to 97%, median 81%".

    Args:
        different: How many different ones there are.
        total: How many answers there are.
        alike: How alike they are, over all pairs, from 0 to 1; None when there are no pairs.
    """
    if total < 2 or alike is None:
        return ""
    if different == 1:
        return f'<p class="wb-line wb-detail">The same answer {total} times</p>'
    least, middle, most = (f"{100 * value:.0f}" for value in (alike.least, alike.median, alike.most))
    term = f'<span class="wb-term" title="{escaped(_ALIKE)}">alike</span>'
    return (
        f'<p class="wb-line wb-detail">{different} different answers in {total}, {term} {least} to {most} %, '
        f"median {middle} %</p>"
    )


def _line(figure: Figure, shown: int) -> str:
    own = spread_of(value for _, value, _ in figure.values)
    if own is None:
        return ""
    left, right = _place(own.least, figure.axis), _place(own.most, figure.axis)
    # The one that is shown is drawn last, so that no other lies on it.
    dots = "".join(
        f'<i class="wb-dot{" wb-shown" if which == shown else ""}" style="left:{_place(value, figure.axis):.1f}%" '
        f'title="{escaped(f"repetition {which + 1}: {text}")}"></i>'
        for which, value, text in sorted(figure.values, key=lambda one: one[0] == shown)
    )
    said = f"{figure.label}: {figure.median} in the middle, {figure.ends}, over {len(figure.values)} repetitions"
    return (
        f'<div><dt>{escaped(figure.label)}</dt><dd class="wb-tone-{escaped(figure.tone) or "plain"}">'
        f'{escaped(figure.median)}</dd><dd class="wb-strip" role="img" aria-label="{escaped(said)}">'
        f'<span class="wb-axis"><i class="wb-range" style="left:{left:.1f}%;width:{right - left:.1f}%"></i>'
        f'<i class="wb-median" style="left:{_place(own.median, figure.axis):.1f}%"></i>{dots}</span></dd>'
        f"<dd>{escaped(figure.ends)}</dd></div>"
    )


def _place(value: float, axis: Spread) -> float:
    """Where a value is, in percent of the axis; in its middle when it has no length."""
    length = axis.most - axis.least
    return 100 * (value - axis.least) / length if length > 0 else 50.0
