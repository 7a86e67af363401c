"""One answer card: how a variant stands, what it answered or why it did not, and what that took."""

from datetime import date

import streamlit as st

from pages.shared import markup, state
from pages.shared.case_button import case_button
from pages.shared.case_source import source_of_slot
from pages.shared.figures import run_figures, spread_figures, total_figures
from pages.shared.lineups import Lineup, Marks
from pages.shared.mending import mending
from pages.shared.reused import reused_words
from pages.shared.segments import MOST_SEGMENTS
from pages.shared.standing import Standing
from workbench.comparison.spread import alikeness, different

_TONES: dict[str, markup.Tone] = {"running": "running", "done": "done", "failed": "failed", "stopped": "stopped"}


def answer_card(label: str, lineup: Lineup, marks: Marks, slot: str) -> None:
    """Show how a variant stands; of several repetitions the chosen one, and the figures of all.

    Args:
        label: Of the variant.
        lineup: Its repetitions.
        marks: What its figures are held against.
        slot: Where its experiment is kept.
    """
    total = len(lineup.members)
    key = f"repetition-{label}-of-{total}"
    repetition = int(state.shown(key, 1)) - 1
    standing = lineup.standing(repetition)
    tone = _TONES.get(standing.run.status, "muted")
    if total == 1:
        st.html(markup.card_head_html(label, standing.headline, tone))
    else:
        st.html(markup.card_head_html(label, lineup.headline, _TONES.get(lineup.status, "muted")))
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"shown-{label}"
        ):
            st.pagination(total, max_visible_pages=5, key=key, persist_state="session")
            st.html(markup.status_html(standing.headline, tone), width="content")
    shows_each = len(standing.steps) <= MOST_SEGMENTS or "failed" in standing.steps
    tips = standing.tips() if shows_each else []
    st.html(markup.segments_html(standing.steps, f"Progress of {label}", tips))
    with st.container(height=225, border=False, autoscroll=standing.live, key=f"answer-body-{label}"):
        _body(label, standing, slot)
    with st.container(gap="xsmall"):
        if total == 1:
            st.html(markup.metrics_html(run_figures(standing.run, marks)))
            over = [standing.run]
        else:
            over = lineup.over
            _spread(lineup, repetition, marks)
            st.html(markup.metrics_html(total_figures(over)))
        if reused := reused_words(over, date.today()):
            st.html(markup.line_html(reused, "detail"))
        if standing.run.status in _TONES and not standing.live:
            with st.container(horizontal=True, vertical_alignment="center", key=f"ways-{label}"):
                _history_link(standing, slot)
                if standing.run.status == "done":
                    of = f"{str(state.kept(slot, ''))[:8]}-{label}-{repetition}"
                    case_button(of, lambda: source_of_slot(slot, standing.run))


def _history_link(standing: Standing, slot: str) -> None:
    """One click to the prompts that made this output, and to all else that is kept of it."""
    asked = {"experiment": str(state.kept(slot, "")), "variant": standing.run.variant}
    st.page_link(
        "pages/history.py",
        label="In the history",
        icon=":material/history:",
        query_params={**asked, "repetition": str(standing.run.repetition), "document": standing.run.document},
        help="Its prompts as they were, every step and call, and a way to make it again.",
        width="content",
    )


def _body(label: str, standing: Standing, slot: str) -> None:
    if standing.wait:
        st.caption(markup.plain_label(standing.wait, 300))
    mending(label, standing, slot)
    if standing.text_of:
        st.caption(f"Summary of {standing.text_of}")
    if standing.text:
        st.html(markup.answer_html(standing.text, standing.live))
    elif standing.live:
        st.skeleton(40)


def _spread(lineup: Lineup, shown: int, marks: Marks) -> None:
    if done := lineup.done:
        texts = [run.output for run in done]
        st.html(markup.spread_html(spread_figures(lineup, marks), shown))
        if apart := markup.apart_html(different(texts), len(texts), alikeness(texts)):
            st.html(apart)
