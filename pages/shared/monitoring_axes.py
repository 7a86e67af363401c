"""The axes that all charts of one span have in common."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import altair as alt

from workbench.history.monitoring_records import Figures

Row = dict[str, Any]
Chart = alt.LayerChart | alt.FacetChart
GREY = "#848b98"
"""Readable on white and on black."""
_AXIS_PIXELS = 58
"""The same for each chart, so that moments stand below each other."""
_HEADROOM = 1.2
"""Of the highest value: the words at changes stand above it."""


def chart_of(rows: Sequence[Row]) -> alt.Chart:
    """An undrawn chart of these rows."""
    return alt.Chart(alt.InlineData(values=list(rows)))


def time_axis(figures: Figures) -> alt.X:
    """The whole span."""
    # Vega-Lite takes numbers for a year here.
    ends = (datetime.fromtimestamp(own) for own in (figures.frame.since, figures.frame.until))
    span = [
        alt.DateTime(year=own.year, month=own.month, date=own.day, hours=own.hour, minutes=own.minute, utc=True)
        for own in ends
    ]
    axis = alt.Axis(title=None, grid=False, labelOverlap=True, tickCount=8)
    return alt.X("at:T", axis=axis, scale=alt.Scale(type="utc", domain=span, nice=False))


def value_axis(field: str, axis: str, most: float) -> alt.Y:
    """From 0 to above the highest value.

    Args:
        field: Of the rows.
        axis: How its numbers are written, in the words of d3-format.
        most: The highest value.
    """
    own = alt.Axis(
        title=None, format=axis, tickCount=4, minExtent=_AXIS_PIXELS, maxExtent=_AXIS_PIXELS, labelLimit=_AXIS_PIXELS
    )
    return alt.Y(f"{field}:Q", axis=own, scale=alt.Scale(domain=[0, most * _HEADROOM or 1], nice=False))


def wall(seconds: float) -> int:
    """The clock of this machine as milliseconds of UTC: the browser, which may be elsewhere, is to show it as it is."""
    own = datetime.fromtimestamp(seconds)
    return round((own - datetime(1970, 1, 1)).total_seconds() * 1000)
