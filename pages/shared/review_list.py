"""The reviews of a dataflow, and a form for a new one."""

from datetime import date

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.dates import moment
from workbench.errors import WorkbenchError
from workbench.history.kept import Filters
from workbench.review.records import Review
from workbench.review.reviews import Reviews

_EMPTY = (
    "No review yet. Run two versions on the same documents, then let people say which answers are better without "
    "knowing whose they are."
)


def review_list() -> None:
    """A card for each, the newest first; the form at the left."""
    left, right = st.columns([2, 5], gap="medium")
    with left, st.container(border=True, key="new-review"):
        _form()
    with right:
        reviews = Reviews(cached.history()).all(state.dataflow_name())
        if not reviews:
            st.html(markup.empty_html(_EMPTY, ()))
        for review in reviews:
            _card(review)


def _form() -> None:
    known = _labels()
    st.html(markup.line_html("New review", "title"))
    baseline = st.selectbox(
        "Baseline", known, index=0 if known else None, key="review-baseline", placeholder="none yet"
    )
    others = [label for label in known if label != baseline]
    chosen = st.multiselect("Candidates", others, default=others[:1], key="review-candidates", max_selections=5)
    title = st.text_input("Title", key="review-title", max_chars=120, placeholder="what is to be found out")
    st.caption("The newest answers of the history on documents that both have. Equal answers are ties by themselves.")
    pressed = st.button(
        "Begin", type="primary", icon=":material/balance:", key="begin-review", disabled=not (baseline and chosen)
    )
    if not pressed:
        return
    try:
        review = Reviews(cached.history()).create(
            state.dataflow_name(), [str(baseline), *chosen], by=state.person(), title=title
        )
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 300), icon=":material/error:")
        return
    state.to_address(review=review.id)
    st.rerun()


def _labels() -> list[str]:
    """Variants of the dataflow with answers, those that ran last first."""
    rows = cached.history().runs(Filters(dataflow=state.dataflow_name(), status="done"), size=500).rows
    return list(dict.fromkeys(row.variant for row in rows))


def _card(review: Review) -> None:
    votes = Reviews(cached.history()).votes(review)
    people = len({vote.reviewer for vote in votes})
    mine = sum(vote.reviewer == state.person() for vote in votes)
    with st.container(border=True, key=f"review-{review.id}"):
        when = f"{moment(review.created_at, date.today())} by {review.created_by}"
        st.html(markup.card_head_html(review.title, f"{len(votes):,} votes of {people}", "muted"))
        pairs = f"{len(review.pairs):,} pairs, {len(review.alike):,} more with equal answers"
        st.caption(markup.plain_label(f"{when} · {pairs} · you voted on {mine:,}", 200))
        with st.container(horizontal=True):
            st.button(
                "Go on" if mine else "Review",
                icon=":material/balance:",
                key=f"open-{review.id}",
                disabled=not review.pairs,
                on_click=state.to_address,
                kwargs={"review": review.id, "results": ""},
            )
            st.button(
                "Results",
                icon=":material/leaderboard:",
                key=f"results-{review.id}",
                help="They name the versions: vote first, if you mean to.",
                on_click=state.to_address,
                kwargs={"review": review.id, "results": "yes"},
            )
