"""The time line of what changed, by days."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

import streamlit as st

from pages.shared import markup, state
from pages.shared.escaping import escaped
from pages.shared.lineage_tree import lineage_style
from pages.shared.store_words import line
from workbench.lineage.events import Event, TimeLine

_STEP = 100
_SHA = 10
_KINDS = {
    "commit": "commit",
    "current": "production",
    "label": "label",
    "stored": "prompt store",
    "export": "export",
    "draft": "draft",
    "service": "service",
}
_WEIGHTY = ("current", "label", "service")
"""What changes answers for users."""
_NOTHING = "Nothing happened to these prompts in these days. Choose other days, or all of them."


def lineage_events(told: TimeLine) -> None:
    """The events, the newest day first, and what could not be told."""
    lineage_style()
    for note in told.notes:
        st.caption(markup.plain_label(note, 400))
    if not told.events:
        st.html(markup.empty_html(_NOTHING, ()))
        return
    shown = int(state.passing("lineage-events", _STEP))
    several = len({own.dataflow for own in told.events}) > 1
    st.html(events_html(told.events[:shown], date.today(), several))
    if len(told.events) > shown:
        label = f"Show {min(_STEP, len(told.events) - shown)} more of {len(told.events):,}"
        st.button(label, key="more-events", on_click=state.pass_on, args=("lineage-events", shown + _STEP))
    elif told.total > len(told.events):
        st.caption(f"{told.total - len(told.events):,} earlier events are left out: choose an earlier last day.")


def events_html(events: Iterable[Event], today: date, several: bool) -> str:
    """Events below their days, everything in them escaped.

    Args:
        events: The newest first.
        today: What counts as today.
        several: Whether they are of several dataflows, so that each says of which.
    """
    parts = []
    for own, of_day in groupby(events, key=lambda event: datetime.fromtimestamp(event.at).date()):
        items = "".join(_item(event, several) for event in of_day)
        parts.append(f"<h4>{escaped(_day(own, today))}</h4><ol>{items}</ol>")
    return f'<section class="wb-days">{"".join(parts)}</section>'


def _day(own: date, today: date) -> str:
    if own == today:
        return f"Today, {own:%A}"
    return f"{own:%A}, {own.day} {own:%B}" + ("" if own.year == today.year else f" {own.year}")


def _item(event: Event, several: bool) -> str:
    what = line(event.what, 200)
    weighty = ' class="wb-weighty"' if event.kind in _WEIGHTY else ""
    detail = [line(event.why), line(event.who, 80), f"commit {line(event.commit[:_SHA])}" if event.commit else ""]
    detail += [line(event.dataflow, 80)] if several else []
    small = escaped(" · ".join(filter(None, detail)))
    link = f' <a href="history?run={escaped(event.run)}" target="_self">run</a>' if event.run else ""
    clock = f"{datetime.fromtimestamp(event.at):%H:%M}"
    return (
        f"<li><time>{clock}</time><i>{_KINDS[event.kind]}</i>"
        f"<div><b{weighty}>{escaped(what)}</b>{f'<small>{small}{link}</small>' if small or link else ''}</div></li>"
    )
