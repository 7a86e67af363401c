"""The sums of the span, each beside that of the span before."""

from typing import Literal

import streamlit as st

from pages.shared.monitoring_words import SAME, change_words, cost_words, count_words, seconds_words, share_words
from workbench.history.monitoring_records import Figures, Sums


def monitoring_sums(figures: Figures, span: str) -> None:
    """A row of figures.

    Args:
        figures: What is shown.
        span: Its name: "7 days".
    """
    now, before = figures.total, figures.before or Sums()
    errors = f"Errors ({share_words(now.error_share)})" if now.errors else "Errors"
    rows: list[tuple[str, str, float | None, float | None, Literal["off", "inverse"]]] = [
        ("Calls", count_words(now.calls), now.calls, before.calls, "off"),
        (errors, f"{now.errors:,}", now.errors, before.errors, "inverse"),
        ("Tokens", count_words(now.tokens), now.tokens, before.tokens, "off"),
        ("Cost", cost_words(now.cost_usd), now.cost_usd, before.cost_usd, "inverse"),
        ("p50", seconds_words(now.p50), now.p50, before.p50, "inverse"),
        ("p95", seconds_words(now.p95), now.p95, before.p95, "inverse"),
    ]
    is_compared = bool(before.calls)
    for column, (label, shown, own, other, colour) in zip(st.columns(len(rows)), rows, strict=True):
        change = change_words(own, other) if is_compared else None
        is_same = change == SAME
        column.metric(
            label,
            shown,
            change,
            delta_color="off" if is_same else colour,
            delta_arrow="off" if is_same else "auto",
            border=True,
            help=_HELP.get(label),
        )
    st.caption(_compared(figures, span))


_HELP = {
    "Calls": "Calls that models were asked, those that failed among them. Reused answers are no calls.",
    "Tokens": "In and out.",
    "p50": "Half of the calls that were answered took at most so long; within 10 %.",
    "p95": "Of 100 calls that were answered, 95 took at most so long; within 10 %.",
}


def _compared(figures: Figures, span: str) -> str:
    length = span.removeprefix("1 ")
    runs = f"{figures.total.runs:,} run{'' if figures.total.runs == 1 else 's'}."
    if figures.before is None:
        return runs
    if not figures.before.calls:
        return f"{runs} No call was made in the {length} before."
    return f"{runs} Changes are against the {length} before."
