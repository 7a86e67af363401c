"""A model's judgement of a review's pairs, beside people's: asked when somebody presses the button."""

import streamlit as st

from pages.shared import cached, markup
from workbench.engine.stopping import Stop
from workbench.errors import WorkbenchError
from workbench.models import catalog
from workbench.review.judge import Habits
from workbench.review.model_review import ModelReview, ModelVerdict, judged_pairs, model_review
from workbench.review.records import Review


def model_judge(review: Review) -> str:
    """A button that says what it costs, and what came of it; kept answers make asking again free.

    Returns:
        The name of the model whose judgement is shown; empty when none is.
    """
    pairs = len(judged_pairs(review))
    with st.container(border=True, key="model-judge"):
        st.html(markup.line_html("A model as a reviewer", "title"))
        calls = f"{2 * pairs:,} calls, kept ones not paid again"
        st.caption(f"It is shown each of {pairs:,} pairs in both orders: {calls}.")
        choices = [own for own in catalog.choices() if own.endpoint != "code"]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            choice = st.selectbox("Model", choices, format_func=catalog.display_name, key="judge-model", width=320)
            pressed = st.button("Ask it", icon=":material/smart_toy:", key="ask-judge", disabled=not (pairs and choice))
        if not (pressed and choice):
            return ""
        try:
            with st.spinner("The model judges"):
                endpoint = cached.endpoint_of(choice)
                found = model_review(review, cached.history(), choice, cached.pool(), endpoint, Stop())
        except WorkbenchError as error:
            st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 300), icon=":material/error:")
            return ""
        for verdict in found.verdicts:
            _duel(verdict)
        _habits(found.habits)
        _warnings(found)
        return choice.name


def _duel(own: ModelVerdict) -> None:
    low, high = own.interval
    st.html(markup.card_head_html(f"{own.duel[1]} against {own.duel[0]}", f"{own.word}, says the model", "muted"))
    figures = [
        ("Pairs", f"{own.count.documents}", ""),
        ("Won / lost / tied", f"{own.count.wins} / {own.count.losses} / {own.count.ties}", ""),
        ("p, exact sign test", f"{own.p:.3f}", ""),
        ("95 % interval of won", f"{low:.0%} to {high:.0%}", ""),
    ]
    st.html(markup.metrics_html(figures))


def _habits(habits: Habits) -> None:
    figures = [
        ("Contradicted itself", f"{habits.flips} of {habits.pairs}", ""),
        ("For the first / second shown", f"{habits.shown_first} / {habits.shown_second}", ""),
        ("For the longer / shorter", f"{habits.longer} / {habits.shorter}", ""),
        ("Unusable replies", f"{habits.unusable}", ""),
    ]
    st.html(markup.metrics_html(figures))


def _warnings(found: ModelReview) -> None:
    if found.prefers_a_side:
        st.warning(
            "It prefers a side: pairs on which its orders contradict each other count as ties.",
            icon=":material/warning:",
        )
    if found.prefers_a_length:
        st.warning(
            "It nearly always prefers one length. Look at the answers before you believe it.", icon=":material/warning:"
        )
