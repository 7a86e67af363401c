"""What a review came to: a verdict with an interval for each pair of versions, its reviewers, a model's judgement."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.review_judge import model_judge
from workbench import settings
from workbench.review.records import REASONS
from workbench.review.reviews import Reviews
from workbench.review.summary import Summary, summary_of
from workbench.review.verdicts import DuelVerdict, Outcome
from workbench.shell_line import shell_line

_TONES: dict[str, markup.Tone] = {"better": "done", "worse": "failed", "not enough evidence": "muted"}


def review_results(review_id: str) -> None:
    """Show them; the names of the versions are in them."""
    reviews = Reviews(cached.history())
    review = reviews.find(review_id)
    summary = summary_of(review, reviews.votes(review))
    outcome = summary.outcome
    with st.container(horizontal=True, vertical_alignment="center", key="review-bar"):
        st.button("All reviews", icon=":material/arrow_back:", key="back", on_click=_all_reviews)
        st.html(markup.line_html(review.title, "title"))
    for doubt in outcome.doubts:
        said = f"{doubt.reviewer} {doubt.why}, which no careful reviewer does. These votes are left out."
        st.warning(markup.plain_label(said, 300), icon=":material/warning:")
    for verdict in outcome.verdicts:
        _verdict(verdict)
    if len(review.labels) > 2:
        _ranking(summary)
    left, right = st.columns(2, gap="medium")
    with left:
        _reviewers(outcome)
        if summary.agreement is not None:
            measure = f"{summary.measure}; 1 is full, 0 is chance"
            st.caption(f"Agreement on the same pairs: {summary.agreement:.2f} ({measure}).")
    with right:
        _reasons(summary.reasons)
    judge = model_judge(review)
    words = ["review", "show", review.id, *(["--judge", judge] if judge else [])]
    st.caption("The same figures without a browser")
    line = shell_line(words, settings.project(), is_own=settings.is_own_project())
    st.code(line, language="bash", wrap_lines=True)


def _all_reviews() -> None:
    state.to_address(review="", results="")


def _verdict(verdict: DuelVerdict) -> None:
    before, after = verdict.duel
    count = verdict.count
    with st.container(border=True, key=f"verdict-{before}-{after}"):
        head = f"{after} against {before}"
        more = f" (about {verdict.needed:,} more documents needed)" if verdict.needed else ""
        st.html(markup.card_head_html(head, verdict.word + more, _TONES[verdict.word]))
        low, high = verdict.interval
        share = "–" if verdict.share is None else f"{verdict.share:.0%}"
        st.html(markup.share_html(verdict.share, verdict.interval, f"{share}, 95 % interval {low:.0%} to {high:.0%}"))
        figures = [
            ("Documents", f"{count.documents:,}", ""),
            ("Won / lost / tied", f"{count.wins:,} / {count.losses:,} / {count.ties:,}", ""),
            ("Won of decided", share, ""),
            ("95 % interval", f"{low:.0%} to {high:.0%}", ""),
            ("p, exact sign test", f"{verdict.p:.3f}", ""),
        ]
        st.html(markup.metrics_html(figures))
        if verdict.open:
            documents = "1 document is" if verdict.open == 1 else f"{verdict.open:,} documents are"
            st.caption(
                f"{documents} open. Until all are judged a word takes more evidence, as looking often finds chance."
            )


def _ranking(summary: Summary) -> None:
    """All versions in one order; Bradley–Terry over all pairs, documents drawn again for the intervals."""
    if summary.unranked:
        st.caption(markup.plain_label(summary.unranked, 200))
        return
    rows = [
        {
            "Version": own.variant,
            "Strength": own.strength,
            "95 % interval": f"{own.interval[0]:+.2f} to {own.interval[1]:+.2f}" if own.interval else "–",
            "Shown to beat": ", ".join(own.beats) or "none",
        }
        for own in summary.ranking
    ]
    if rows:
        st.html(markup.line_html("All versions in one order", "title"))
        st.dataframe(
            rows,
            hide_index=True,
            key="review-ranking",
            column_config={
                "Strength": st.column_config.NumberColumn(format="%+.2f", help="Bradley–Terry, in log-odds")
            },
        )


def _reviewers(outcome: Outcome) -> None:
    st.html(markup.line_html("Reviewers", "title"))
    if not outcome.raters:
        st.caption("Nobody has voted yet.")
        return
    doubted = {doubt.reviewer for doubt in outcome.doubts}
    rows = [
        {
            "Reviewer": rater.name,
            "Votes": rater.votes,
            "Left / right": f"{rater.left} / {rater.right}",
            "Catch trials": f"{rater.caught} of {rater.catches}",
            "Counts": "no" if rater.name in doubted else "yes",
        }
        for rater in outcome.raters
    ]
    st.dataframe(rows, hide_index=True, key="reviewers")


def _reasons(reasons: Mapping[str, Mapping[str, int]]) -> None:
    st.html(markup.line_html("What the worse answers had", "title"))
    rows = [
        {"Version": label, "Reason": REASONS[key], "Times": times}
        for label, counts in reasons.items()
        for key, times in sorted(counts.items(), key=lambda own: -own[1])
    ]
    if rows:
        st.dataframe(rows, hide_index=True, key="review-reasons")
    else:
        st.caption("No reason was given.")
