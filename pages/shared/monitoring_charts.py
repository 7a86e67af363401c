"""Charts over one span of time, one below the other on the same axis, with a mark at each change of version."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from pages.shared.monitoring_axes import GREY, Chart, Row, chart_of, time_axis, value_axis, wall
from pages.shared.monitoring_marks import with_changes
from workbench.history.monitoring_records import Figures

COLOURS = ("#6366f1", "#14a89a", "#e0941b", "#d8569b", "#0e9bd8", "#7fae1b", "#a35cf0", GREY)
"""These are readable on white and on black."""
RED = "#e05252"
_BAR = 0.92
"""Of a step; the rest parts it from the next."""
_HEIGHT, _LEGEND_HEIGHT = 150, 32


def bars(
    figures: Figures, rows: Sequence[Row], axis: str, kinds: Sequence[str] = (), colour: str = COLOURS[0]
) -> Chart:
    """Bars, on top of each other where one step has several.

    Args:
        figures: What the span and its changes are taken from.
        rows: Of at and ends (seconds), value, kind (empty without kinds), when and told (what a pointer reads).
        axis: How numbers of the axis are written, in the words of d3-format.
        kinds: At most eight, in the order of their colours, from the lowest.
        colour: Without kinds.
    """
    order = {own: place for place, own in enumerate(kinds)}
    heights: dict[float, float] = {}
    drawn = []
    for row in sorted(rows, key=lambda own: (own["at"], order.get(own["kind"], 0))):
        low = heights.get(row["at"], 0.0)
        heights[row["at"]] = high = low + row["value"]
        ends = row["at"] + _BAR * (row["ends"] - row["at"])
        drawn.append({**row, "at": wall(row["at"]), "ends": wall(ends), "low": low, "high": high})
    base = chart_of(drawn).encode(
        x=time_axis(figures),
        x2="ends",
        y=value_axis("low", axis, max(heights.values(), default=0.0)),
        y2="high",
        tooltip=_tooltip(kinds),
        **_colour(kinds),
    )
    return with_changes(figures, _height(kinds), base.mark_rect() if kinds else base.mark_rect(color=colour))


def lines(figures: Figures, rows: Sequence[Row], axis: str, kinds: Sequence[str]) -> Chart:
    """Lines with a dot in the middle of each step; where value is None, a line has a gap. Arguments as of bars."""
    drawn = [{**row, "at": wall((row["at"] + row["ends"]) / 2)} for row in rows]
    base = chart_of(drawn).encode(
        x=time_axis(figures),
        y=value_axis("value", axis, max((row["value"] or 0.0 for row in rows), default=0.0)),
        tooltip=_tooltip(kinds),
        **_colour(kinds),
    )
    return with_changes(figures, _height(kinds), base.mark_line(strokeWidth=1.8), base.mark_circle(size=26, opacity=1))


def _height(kinds: Sequence[str]) -> int:
    return _HEIGHT + (_LEGEND_HEIGHT if kinds else 0)


def _tooltip(kinds: Sequence[str]) -> list[alt.Tooltip]:
    what = [alt.Tooltip("kind:N", title="What")] if kinds else []
    return [alt.Tooltip("when:N", title="When"), *what, alt.Tooltip("told:N", title="Value")]


def _colour(kinds: Sequence[str]) -> dict[str, Any]:
    if not kinds:
        return {}
    legend = alt.Legend(title=None, orient="top", symbolType="square", labelLimit=200, columns=8, offset=6, padding=0)
    scale = alt.Scale(domain=list(kinds), range=list(COLOURS[: len(kinds)]))
    return {"color": alt.Color("kind:N", scale=scale, legend=legend)}
