"""Which versions were live: their calls, latency, errors and cost, beside each other."""

from urllib.parse import urlencode

import streamlit as st

from pages.shared.monitoring_words import base_of, moment_words, plain
from workbench.history.monitoring_records import Figures, LiveVersion

_SHOWN = 50


def monitoring_versions(figures: Figures) -> None:
    """A table, the versions with the latest calls first."""
    config = {
        "Runs": st.column_config.LinkColumn(display_text="History", width="small"),
        "Calls": st.column_config.NumberColumn(format="localized"),
        "Errors": st.column_config.NumberColumn(format="localized"),
        "Error share": st.column_config.NumberColumn(format="percent"),
        "p50": st.column_config.NumberColumn(format="%.2f s"),
        "p95": st.column_config.NumberColumn(format="%.2f s"),
        "Cost": st.column_config.NumberColumn(format="$%.4f"),
        "Tokens per call": st.column_config.NumberColumn(format="localized"),
    }
    rows = [_row(own, figures) for own in figures.live[:_SHOWN]]
    st.dataframe(rows, hide_index=True, column_config=config, key="live-versions")
    if len(figures.live) > _SHOWN:
        st.caption(f"The {_SHOWN} of {len(figures.live):,} versions that were called last.")


def _row(own: LiveVersion, figures: Figures) -> dict[str, object]:
    sums, is_day = own.sums, figures.frame.is_days
    return {
        "Dataflow": plain(own.dataflow),
        "Version": plain(own.version),
        "First call": moment_words(own.first, is_day=is_day),
        "Last call": moment_words(own.last, is_day=is_day),
        "Calls": sums.calls,
        "Errors": sums.errors,
        "Error share": sums.error_share,
        "p50": sums.p50,
        "p95": sums.p95,
        "Cost": sums.cost_usd,
        "Tokens per call": round(sums.tokens / sums.calls) if sums.calls else None,
        "Runs": f"/history?{urlencode({'version': base_of(own), 'dataflow': own.dataflow}, errors='replace')}",
    }
