"""Which days and dataflows a time line is of: kept in the page's address, so that it can be sent to somebody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import streamlit as st

from pages.shared import state

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


def asked_span() -> tuple[float, float]:
    """(first moment, end) in seconds since the epoch, in the time zone of the machine; 0 where there is no limit."""
    since, until = _day("from"), _day("to")
    return (_seconds(since) if since else 0.0, _seconds(until + timedelta(days=1)) if until else 0.0)


def day_fields(dataflows: Sequence[str]) -> None:
    """The fields; each change is a new address."""
    if len(dataflows) > 1:
        state.show("lineage-all", bool(state.address("all")))
        st.toggle("All dataflows", key="lineage-all", on_change=_all)
    for name, label in (("from", "From"), ("to", "To")):
        state.show(f"lineage-{name}", _day(name))
        st.date_input(
            label,
            None,
            _EARLIEST,
            _LATEST,
            key=f"lineage-{name}",
            format="YYYY-MM-DD",
            width=150,
            on_change=_changed,
            args=(name,),
        )
    is_narrowed = bool(_day("from") or _day("to"))
    st.button("All days", icon=":material/close:", key="lineage-clear", disabled=not is_narrowed, on_click=_clear)


def _all() -> None:
    state.to_address(all="yes" if state.shown("lineage-all") else "")


def _changed(name: str) -> None:
    chosen = state.shown(f"lineage-{name}")
    state.to_address(**{name: chosen.isoformat() if chosen else ""})


def _clear() -> None:
    state.to_address(**{"from": "", "to": ""})


def _day(name: str) -> date | None:
    """None where the address names no day that can be chosen."""
    try:
        own = date.fromisoformat(state.address(name))
    except ValueError:
        return None
    return own if _EARLIEST <= own <= _LATEST else None


def _seconds(own: date) -> float:
    return datetime(own.year, own.month, own.day).timestamp()
