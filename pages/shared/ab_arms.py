"""The arms of an A/B test: weights, traffic, outcomes, and the difference to the control arm."""

import streamlit as st

from dataflows.ab import ABTest
from pages.shared import markup
from pages.shared.ab_words import points, prompts_words, table_html
from workbench.ab.figures import MOST_VOTES, ABFigures
from workbench.ab.verdict import ABVerdict, ArmVerdict

_HEAD = [
    "Arm",
    "Prompts",
    "Weight",
    "Units",
    "Traffic",
    "Outcomes",
    "Mean",
    "Difference",
    "Interval",
    "E-value",
    "Verdict",
]


def ab_arms(test: ABTest, figures: ABFigures, verdict: ABVerdict) -> None:
    """A row for each arm, the control arm first."""
    st.html(markup.line_html(f"Arms, and what came of “{test.outcome}”", "title"))
    by_arm = {own.arm: own for own in verdict.arms}
    weights, units = sum(test.weights.values()), sum(figures.exposed.values())
    rows = []
    for arm in test.arms:
        seen, count = figures.exposed.get(arm.name, 0), figures.count(arm.name)
        rows.append(
            [
                arm.name,
                prompts_words(arm.prompts),
                f"{arm.weight:g} ({arm.weight / weights:.1%})",
                f"{seen:,}",
                f"{seen / units:.1%}" if units else "–",
                f"{count.units:,}",
                "–" if count.rate is None else f"{count.rate:.1%}",
                *_compared(by_arm.get(arm.name)),
            ]
        )
    st.html(table_html(_HEAD, rows))
    st.caption(
        "A unit counts for the arm that it saw first, and its first outcome counts. The difference is that to the "
        "control arm's outcomes of the same time, so that neither drift nor other weights make a winner."
    )
    if len(figures.votes) >= MOST_VOTES:
        st.caption(f"Only the first {MOST_VOTES:,} outcomes are counted.")


def _compared(own: ArmVerdict | None) -> list[str]:
    if own is None:
        return ["–", "–", "–", "control"]
    if not own.looks:
        return ["–", "–", "–", own.word]
    known = own.looks[-1].known
    low, high = known.interval
    e_value = f"{known.e_value:,.2f}" if known.e_value < 1_000_000 else "over 1,000,000"
    return [points(known.difference), f"{100 * low:+.1f} to {points(high)}", f"{e_value} of {own.limit:g}", own.word]
