"""The difference over time with its interval, and what the stop rule says now."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import streamlit as st

from dataflows.ab import ABTest
from pages.shared import markup
from pages.shared.ab_words import points
from pages.shared.monitoring_axes import GREY, Chart, chart_of, wall
from pages.shared.monitoring_charts import COLOURS
from workbench.ab.verdict import ABVerdict, rule_words

_HEIGHT = 240


def ab_verdict(test: ABTest, verdict: ABVerdict, log: Sequence[ABTest]) -> None:
    """The stop rule in words above the chart."""
    st.html(markup.line_html("Difference to the control arm over time", "title"))
    said = markup.plain_label(verdict.said, 400)
    if verdict.stop:
        st.success(said, icon=":material/flag:")
    else:
        st.info(said, icon=":material/hourglass_empty:")
    rows = _rows(verdict)
    if rows:
        st.altair_chart(_chart(rows, [own.arm for own in verdict.arms]), key="ab-chart", alt="Difference over time")
    else:
        st.caption("The chart begins when both arms have an outcome.")
    reweighted = sum(own.state == before.state == "running" for own, before in pairwise(log))
    changes = f" Weights or arms were changed {_times(reweighted)} while it ran." if reweighted else ""
    confidence = 100 * (1 - test.rule.alpha)
    st.caption(
        f"{rule_words(test)} The band holds the true difference at all moments together in {confidence:g} of 100 tests."
        f"{changes}"
    )


def _rows(verdict: ABVerdict) -> list[dict[str, Any]]:
    return [
        {
            "at": wall(look.at),
            "arm": own.arm,
            "difference": 100 * (look.known.difference or 0.0),
            "low": 100 * look.known.interval[0],
            "high": 100 * look.known.interval[1],
            "told": f"{points(look.known.difference)} ({points(look.known.interval[0])} to "
            f"{points(look.known.interval[1])}), e-value {look.known.e_value:,.2f}",
        }
        for own in verdict.arms
        for look in own.looks
    ]


def _chart(rows: Sequence[dict[str, Any]], arms: Sequence[str]) -> Chart:
    legend = alt.Legend(title=None, orient="top", symbolType="square") if len(arms) > 1 else None
    colour = alt.Color("arm:N", scale=alt.Scale(domain=list(arms), range=list(COLOURS)), legend=legend)
    base = chart_of(rows).encode(
        x=alt.X("at:T", axis=alt.Axis(title=None, grid=False, labelOverlap=True), scale=alt.Scale(type="utc")),
        color=colour,
        tooltip=[alt.Tooltip("arm:N", title="Arm"), alt.Tooltip("told:N", title="Difference")],
    )
    axis = alt.Axis(title="Points of a hundred", format="+~f")
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", axis=axis, title="Points of a hundred"), y2="high:Q")
    line = base.mark_line(strokeWidth=1.8, point=True).encode(y=alt.Y("difference:Q", axis=axis))
    even = chart_of([{"even": 0}]).mark_rule(color=GREY, strokeDash=[4, 3]).encode(y="even:Q")
    drawn: Chart = alt.layer(even, band, line).properties(height=_HEIGHT)
    return drawn


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
