"""Which figures the Monitoring page shows: kept in its address, so that it can be sent to somebody."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from pages.shared import state
from pages.shared.monitoring_words import plain
from workbench.history.monitoring_records import Asked, Values

SPANS = {"24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days", "1y": "1 year", "all": "All"}
"""In the address -> on the page."""
_DAYS = {"7d": 7, "30d": 30, "90d": 90, "1y": 365}
_FIRST = "7d"
_NAMES = ("dataflow", "version", "model", "source")


def span() -> str:
    """The span of the address; 7 days where it makes no sense."""
    found = state.address("span")
    return found if found in SPANS else _FIRST


def asked_figures(known: Values | None = None, now: float | None = None) -> Asked:
    """What the address asks for.

    Args:
        known: What there is: another dataflow, version, model or source is passed over. None passes over all.
        now: Seconds since the epoch.
    """
    until = time.time() if now is None else now
    wanted = {name: state.address(name) for name in _NAMES}
    there = {name: _of(known, name) for name in _NAMES}
    return Asked(until, _since(span(), until), **{name: own for name, own in wanted.items() if own in there[name]})


def asked_fields(known: Values, asked: Asked) -> None:
    """The fields; each change is a new address."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="monitoring-fields"):
        state.show(_key("span"), SPANS[span()])
        st.segmented_control(
            "Span",
            list(SPANS.values()),
            key=_key("span"),
            required=True,
            on_change=_span_chosen,
        )
        for name in _NAMES:
            _choice(name, getattr(asked, name), _of(known, name))
        active = any(getattr(asked, name) for name in _NAMES)
        st.button("Clear", icon=":material/close:", key="clear-monitoring", disabled=not active, on_click=_clear)


def _choice(name: str, value: str, options: Sequence[str]) -> None:
    state.show(_key(name), value or None)
    st.selectbox(
        name.capitalize(),
        options,
        format_func=plain,
        key=_key(name),
        placeholder="All",
        on_change=_chosen,
        args=(name,),
        width=176,
    )


def _since(chosen: str, until: float) -> float:
    """Days begin at midnight, and today is one of them; 0 for all."""
    if chosen == "24h":
        return until - 24 * 3600
    if chosen == "all":
        return 0.0
    today = datetime.fromtimestamp(until).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=_DAYS[chosen] - 1)).timestamp()


def _span_chosen() -> None:
    by_words = {words: own for own, words in SPANS.items()}
    chosen = by_words.get(state.shown(_key("span")), _FIRST)
    state.to_address(span="" if chosen == _FIRST else chosen)


def _chosen(name: str) -> None:
    state.to_address(**{name: state.shown(_key(name)) or ""})


def _clear() -> None:
    state.to_address(**dict.fromkeys(_NAMES, ""))


def _of(known: Values | None, name: str) -> tuple[str, ...]:
    return getattr(known, f"{name}s") if known else ()


def _key(name: str) -> str:
    return f"monitoring-{name}"
