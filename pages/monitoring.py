"""Monitoring: calls, latency, errors, tokens and cost over time, and which versions were live."""

from typing import Any

import streamlit as st

from pages.shared import cached, markup, shell
from pages.shared.monitoring_asked import SPANS, asked_fields, asked_figures, span
from pages.shared.monitoring_charts import RED, bars, lines
from pages.shared.monitoring_rows import (
    LATENCIES,
    TOKENS,
    cost_rows,
    error_rows,
    latency_rows,
    token_rows,
    version_rows,
)
from pages.shared.monitoring_sums import monitoring_sums
from pages.shared.monitoring_versions import monitoring_versions
from pages.shared.monitoring_words import clock_words, cost_axis, unpriced_words
from workbench.errors import HistoryError
from workbench.history.monitoring import read_figures
from workbench.history.monitoring_records import Values

shell.guard(for_all=True)

_NOTHING_YET = (
    "No call is in the history yet. Run something on the Workbench; or add the tracker to a service, with "
    "WORKBENCH_TRACK=database:sqlite:///path or a PostgreSQL address: its calls are then counted here, too."
)
_NOTHING_ASKED = "No call was made in this span with these filters. Choose a longer span, or clear the filters."
_CHANGES = (
    "A dashed line marks where a source began to make most of its calls with another version of a dataflow; while both "
    "are called, the new one has to lead by more than chance."
)


def chart(title: str, drawn: Any, key: str) -> None:
    """One of the charts, below its title."""
    st.html(markup.line_html(title, "title"))
    st.altair_chart(drawn, key=key, alt=f"{title} over time")


try:
    cached.take_in_runs()
    figures, known = read_figures(cached.history(), asked_figures)
except HistoryError as error:
    st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
    st.stop()
if known == Values():
    st.html(markup.empty_html(_NOTHING_YET, ()))
    st.stop()

asked_fields(known, asked_figures(known))
if not figures.total.calls:
    st.html(markup.empty_html(_NOTHING_ASKED, ()))
    st.stop()

monitoring_sums(figures, SPANS[span()])
called, versions = version_rows(figures)
with st.container(border=True, key="monitoring-charts"):
    chart("Calls by version", bars(figures, called, "~s", versions), "calls-chart")
    chart(
        "Latency of calls in seconds, p50 and p95",
        lines(figures, latency_rows(figures), "~s", LATENCIES),
        "latency-chart",
    )
    chart("Errors", bars(figures, error_rows(figures), "~s", colour=RED), "errors-chart")
    chart("Tokens, in and out", bars(figures, token_rows(figures), "~s", TOKENS), "tokens-chart")
    costs = cost_rows(figures)
    dearest = max((own["value"] for own in costs), default=0.0)
    chart("Cost", bars(figures, costs, cost_axis(dearest)), "cost-chart")
    st.caption(markup.plain_label(" ".join([clock_words(figures), _CHANGES, unpriced_words(figures)]), 900))

with st.container(border=True, key="monitoring-versions"):
    st.html(markup.line_html("Which versions were live", "title"))
    monitoring_versions(figures)
