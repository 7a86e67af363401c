"""A model's judgement of a review's pairs, beside people's: asked when somebody presses the button."""

import streamlit as st

from pages.shared import cached, markup
from workbench.engine.stopping import Stop
from workbench.errors import WorkbenchError
from workbench.models import catalog
from workbench.review.judge import Judgement, habits_of, judge
from workbench.review.records import Review
from workbench.statistics.binomial import sign_test
from workbench.statistics.intervals import wilson
from workbench.statistics.position_bias import lean_left, lean_to_longer

_MOST_PAIRS = 100


def model_judge(review: Review) -> None:
    """A button that says what it costs, and what came of it; kept answers make asking again free."""
    pairs = [pair for pair in review.pairs if not pair.catch][:_MOST_PAIRS]
    with st.container(border=True, key="model-judge"):
        st.html(markup.line_html("A model as a reviewer", "title"))
        calls = f"{2 * len(pairs):,} calls, kept ones not paid again"
        st.caption(f"It is shown each of {len(pairs):,} pairs in both orders: {calls}.")
        choices = [own for own in catalog.choices() if own.endpoint != "code"]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            choice = st.selectbox("Model", choices, format_func=catalog.display_name, key="judge-model", width=320)
            pressed = st.button("Ask it", icon=":material/smart_toy:", key="ask-judge", disabled=not (pairs and choice))
        if not (pressed and choice):
            return
        history = cached.history()
        texts = [(history.open(pair.runs[0]).run.output, history.open(pair.runs[1]).run.output) for pair in pairs]
        try:
            with st.spinner("The model judges"):
                found = judge(texts, choice, cached.pool(), cached.endpoint_of(choice), Stop())
        except WorkbenchError as error:
            st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 300), icon=":material/error:")
            return
        for duel in dict.fromkeys(pair.labels for pair in pairs):
            own = [said for pair, said in zip(pairs, found, strict=True) if pair.labels == duel]
            _duel(duel, own)
        _habits(found)


def _duel(duel: tuple[str, str], found: list[Judgement]) -> None:
    said = [own.for_candidate for own in found if own.for_candidate is not None]
    wins, losses = said.count(1), said.count(-1)
    p, (low, high) = sign_test(wins, losses), wilson(wins, wins + losses)
    word = "not enough evidence" if p > 0.05 else "better" if wins > losses else "worse"
    st.html(markup.card_head_html(f"{duel[1]} against {duel[0]}", f"{word}, says the model", "muted"))
    counts = f"{wins} / {losses} / {said.count(0)}"
    figures = [("Pairs", f"{len(said)}", ""), ("Won / lost / tied", counts, ""), ("p, exact sign test", f"{p:.3f}", "")]
    st.html(markup.metrics_html([*figures, ("95 % interval of won", f"{low:.0%} to {high:.0%}", "")]))


def _habits(found: list[Judgement]) -> None:
    habits = habits_of(found)
    figures = [
        ("Contradicted itself", f"{habits.flips} of {habits.pairs}", ""),
        ("For the first / second shown", f"{habits.shown_first} / {habits.shown_second}", ""),
        ("For the longer / shorter", f"{habits.longer} / {habits.shorter}", ""),
        ("Unusable replies", f"{habits.unusable}", ""),
    ]
    st.html(markup.metrics_html(figures))
    if lean_left("It", habits.shown_first, habits.shown_second).warning:
        st.warning(
            "It prefers a side: pairs on which its orders contradict each other count as ties.",
            icon=":material/warning:",
        )
    if lean_to_longer("It", habits.longer, habits.shorter).warning:
        st.warning(
            "It nearly always prefers one length. Look at the answers before you believe it.", icon=":material/warning:"
        )
