"""Two answers side by side, and the keys to say which is better. Nothing here knows, or sends, whose they are."""

import streamlit as st

from pages.shared import cached, markup, state
from workbench.review.records import REASONS, Choice, Pair, Place
from workbench.review.reviews import Reviews

_CHOICES: tuple[tuple[Choice, str, str, str], ...] = (
    ("left", "A is better", "arrow_back", "1"),
    ("tie", "No difference", "drag_handle", "0"),
    ("right", "B is better", "arrow_forward", "2"),
)


def review_ballot(review_id: str) -> None:
    """The next pair of this reviewer; the end when there is none."""
    reviews = Reviews(cached.history())
    review = reviews.find(review_id)
    seat = reviews.seat(review, state.person())
    voted = {vote.pair for vote in reviews.votes(review, state.person())}
    left = [place for place in seat if place.pair not in voted]
    done = len(seat) - len(left)
    with st.container(horizontal=True, vertical_alignment="center", key="review-bar"):
        st.button(
            "All reviews", icon=":material/arrow_back:", key="back", on_click=state.to_address, kwargs={"review": ""}
        )
        st.html(markup.line_html("Which answer is better?", "title"))
        st.space("stretch")
        st.caption(f"{done:,} of {len(seat):,} pairs · {markup.plain_label(state.person(), 60)}", width="content")
    st.progress(done / len(seat) if seat else 1.0)
    if not left:
        _finished(review_id, done)
        return
    place = left[0]
    pair = review.pairs[place.pair]
    with st.container(horizontal=True, horizontal_alignment="center", key="ballot"):
        for choice, label, icon, key in _CHOICES:
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"vote-{choice}",
                shortcut=key,
                on_click=_vote,
                args=(review_id, place, choice),
            )
        _undo(review_id, done)
    _answers(pair, place)
    _reasons(place)


def _answers(pair: Pair, place: Place) -> None:
    history = cached.history()
    texts = [history.open(run_id).run.output for run_id in pair.runs]
    if place.is_flipped:
        texts.reverse()
    st.caption(markup.plain_label(pair.document_name, 120))
    for column, name, text in zip(st.columns(2, gap="medium"), ("A", "B"), texts, strict=True):
        with column, st.container(border=True, height=520, key=f"answer-{name.lower()}"):
            st.html(markup.card_head_html(f"Answer {name}", "", ""))
            st.html(markup.answer_html(text, False))


def _reasons(place: Place) -> None:
    """What is wrong with the worse one; chosen before the vote, one key each."""
    chosen = set(state.passing(f"reasons-{place.pair}", []))
    with st.container(horizontal=True, vertical_alignment="center", key="reasons"):
        st.caption("The worse one has", width="content")
        for key, words in REASONS.items():
            st.button(
                words,
                key=f"reason-{key}",
                shortcut=key,
                type="primary" if key in chosen else "secondary",
                on_click=_toggle,
                args=(place.pair, key),
            )


def _toggle(pair: int, key: str) -> None:
    chosen = set(state.passing(f"reasons-{pair}", []))
    state.pass_on(f"reasons-{pair}", sorted(chosen ^ {key}))


def _vote(review_id: str, place: Place, choice: Choice) -> None:
    reviews = Reviews(cached.history())
    reviews.vote(reviews.find(review_id), state.person(), place, choice, state.passing(f"reasons-{place.pair}", []))
    state.pass_on(f"reasons-{place.pair}", [])


def _undo(review_id: str, done: int) -> None:
    st.button(
        "Undo",
        icon=":material/undo:",
        key="undo-vote",
        type="tertiary",
        shortcut="Backspace",
        disabled=not done,
        on_click=_take_back,
        args=(review_id,),
    )


def _take_back(review_id: str) -> None:
    reviews = Reviews(cached.history())
    reviews.undo(reviews.find(review_id), state.person())


def _finished(review_id: str, done: int) -> None:
    st.success(f"You have voted on all {done:,} pairs. Thank you.", icon=":material/check_circle:")
    with st.container(horizontal=True):
        st.button(
            "Results",
            type="primary",
            icon=":material/leaderboard:",
            key="to-results",
            on_click=state.to_address,
            kwargs={"review": review_id, "results": "yes"},
        )
        _undo(review_id, done)
