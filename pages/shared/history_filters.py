"""What a list of runs is narrowed to: kept in the page's address, so that a list can be sent to somebody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import streamlit as st

from pages.shared import cached, markup, state
from workbench.history.kept import Choices, Filters

STATUSES = ("done", "failed", "stopped")
_YEARS = (1971, 9000)
_NAMES = (
    *("q", "status", "version", "model", "document", "who", "source", "dataflow"),
    *("from", "to", "cost", "starred", "prompt", "request"),
)


def asked_filters() -> Filters:
    """The filters of the address; what makes no sense there filters nothing."""
    since, until = _day("from"), _day("to")
    return Filters(
        text=state.address("q"),
        version=state.address("version"),
        document=state.address("document"),
        dataflow=state.address("dataflow"),
        model=state.address("model"),
        status=state.address("status") if state.address("status") in STATUSES else "",
        person=state.address("who"),
        source=state.address("source"),
        since=_seconds(since) if since else 0.0,
        until=_seconds(until + timedelta(days=1)) if until else 0.0,
        cost_from=_number("cost"),
        starred=state.address("starred") == "yes",
        prompt_sha256=state.address("prompt"),
        request_id=state.address("request"),
    )


def filter_fields(filters: Filters) -> None:
    """The fields; each change is a new address, and a list from its begin."""
    known = cached.history().choices()
    with st.container(horizontal=True, vertical_alignment="bottom", key="history-search"):
        _text("Search", "q", "words of a prompt or an answer")
        _choice("Status", "status", STATUSES, 150)
        with st.popover("More filters", icon=":material/filter_list:", key="history-more"):
            _more(known)
        active = filters != Filters()
        st.button("Clear", icon=":material/close:", key="clear-filters", disabled=not active, on_click=_clear)
    if words := _hidden(filters):
        st.caption(words)


def _more(known: Choices) -> None:
    with st.container(width=560), st.container(horizontal=True):
        _choice("Version", "version", known.versions)
        _choice("Model", "model", known.models)
        _choice("Who", "who", known.people)
        _choice("Source", "source", known.sources)
        _choice("Dataflow", "dataflow", known.dataflows)
        _text("Document", "document", "part of its name", 176)
        _date("From", "from")
        _date("To", "to")
        _text("Cost from, $", "cost", "0.01", 176)
        _show("starred", state.address("starred") == "yes")
        st.toggle("Starred only", key=_key("starred"), on_change=_toggled)


def _text(label: str, name: str, placeholder: str, width: int | None = None) -> None:
    _show(name, state.address(name))
    st.text_input(
        label, key=_key(name), placeholder=placeholder, on_change=_changed, args=(name,), width=width or "stretch"
    )


def _choice(label: str, name: str, options: Sequence[str], width: int = 176) -> None:
    value = state.address(name)
    shown = list(dict.fromkeys([*options, *([value] if value else [])]))  # one that no run has any more
    _show(name, value or None)
    st.selectbox(label, shown, key=_key(name), placeholder="All", on_change=_changed, args=(name,), width=width)


def _date(label: str, name: str) -> None:
    _show(name, _day(name))
    st.date_input(label, value=None, key=_key(name), on_change=_changed, args=(name,), width=176)


def _show(name: str, value: object) -> None:
    """What the address says; a field shows it in each page run, so that going back in the browser is followed."""
    state.show(_key(name), value)


def _changed(name: str) -> None:
    value = state.shown(_key(name))
    state.to_address(at="", **{name: value.isoformat() if isinstance(value, date) else str(value or "").strip()})


def _toggled() -> None:
    state.to_address(at="", starred="yes" if state.shown(_key("starred")) else "")


def _clear() -> None:
    state.to_address(at="", **dict.fromkeys(_NAMES, ""))


def _hidden(filters: Filters) -> str:
    """What is filtered without a field of its own in sight."""
    parts = [f"prompt {filters.prompt_sha256[:12]}"] if filters.prompt_sha256 else []
    for label, name in (("version", "version"), ("model", "model"), ("document", "document"), ("by", "who")):
        parts += [f"{label} {state.address(name)}"] if state.address(name) else []
    for label, name in (("source", "source"), ("dataflow", "dataflow"), ("from", "from"), ("to", "to")):
        parts += [f"{label} {state.address(name)}"] if state.address(name) else []
    parts += [f"cost from ${filters.cost_from:g}"] if filters.cost_from else []
    parts += ["starred"] if filters.starred else []
    parts += [f"request {filters.request_id}"] if filters.request_id else []
    return markup.plain_label(" · ".join(parts), 400)


def _key(name: str) -> str:
    return f"history-{name}"


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(state.address(name))
    except ValueError:
        return None
    return found if _YEARS[0] <= found.year <= _YEARS[1] else None


def _seconds(day: date) -> float:
    return datetime(day.year, day.month, day.day).timestamp()


def _number(name: str) -> float:
    try:
        value = float(state.address(name).replace(",", ".").lstrip("$"))
    except ValueError:
        return 0.0
    return value if 0.0 < value < 1e9 else 0.0
