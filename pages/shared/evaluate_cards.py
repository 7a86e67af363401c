"""The figures of one variant at a glance: pass rate with its interval, assertions, time, cost; against the baseline."""

from collections.abc import Callable

import streamlit as st

from pages.shared import markup, state
from pages.shared.escaping import escaped
from pages.shared.evaluate_live import LiveEvaluation
from pages.shared.evaluate_words import points
from pages.shared.plan_words import dollars
from workbench.evaluation.judged import rate_interval
from workbench.evaluation.outcome import Outcome


def evaluate_cards(evaluation: LiveEvaluation, outcome: Outcome) -> None:
    """Show them for the column that is chosen, or for the one with the best pass rate.

    Args:
        evaluation: Which is over.
        outcome: Its outcome.
    """
    matrix, tallies = outcome.matrix, outcome.tallies
    baseline = matrix.baseline
    label = _chosen(outcome)
    own, base = tallies[label], tallies.get(baseline) if label != baseline else None
    low, high = rate_interval(own)
    figures, before = evaluation.figures[label], evaluation.figures[baseline] if base else None
    seconds = figures.median_seconds, before.median_seconds if before else None
    paid = "a price is unknown" if outcome.paid_usd is None else f"{dollars(outcome.paid_usd)} paid by this run, in all"
    cards = [
        _card(
            f"Pass rate, {label}",
            "–" if own.rate is None else f"{own.rate:.0%}",
            _change(own.rate, base.rate if base else None, points, baseline),
            f"{own.passed:,} of {own.over:,} cases · 95 %: {low:.0%} to {high:.0%}",
        ),
        _card(
            "Assertions passed",
            f"{figures.passed:,} / {figures.asked:,}",
            ("", ""),
            f"{baseline}: {before.passed:,} / {before.asked:,}" if before else "of those that can fail a case",
        ),
        _card(
            "Median time",
            "–" if seconds[0] is None else f"{seconds[0]:.1f} s",
            _change(*seconds, _seconds, baseline, less_is_better=True),
            "of a run's calls, one after the other",
        ),
        _card(
            "Cost",
            "unknown" if own.cost_usd is None else dollars(own.cost_usd),
            ("", ""),
            f"of its answers · {paid}",
        ),
    ]
    st.html(f'<div class="wb-cards">{"".join(cards)}</div>')


def _chosen(outcome: Outcome) -> str:
    """The column whose figures are shown; asked for where there are several."""
    labels = list(outcome.tallies)
    others = [label for label in labels if label != outcome.matrix.baseline] or labels
    best = max(others, key=lambda label: outcome.tallies[label].rate or 0.0)
    if len(labels) == 1:
        return best
    kept = state.kept("evaluate-figures")
    state.show("evaluate-figures", kept if kept in labels else best)
    return str(
        st.segmented_control(
            "Figures of",
            labels,
            format_func=lambda label: markup.plain_label(label, 60),
            key="evaluate-figures",
            required=True,
            label_visibility="collapsed",
            on_change=state.keep_widget,
            args=("evaluate-figures", "evaluate-figures"),
        )
    )


def _card(label: str, value: str, change: tuple[str, str], said: str) -> str:
    tone, words = change
    delta = f'<span class="wb-tone-{tone}">{escaped(words)}</span>' if words else ""
    return (
        f'<section class="wb-card" aria-label="{escaped(label)}"><h6 title="{escaped(label)}">{escaped(label)}</h6>'
        f"<p><b>{escaped(value)}</b>{delta}</p><small>{escaped(said)}</small></section>"
    )


def _change(
    own: float | None,
    base: float | None,
    words: Callable[[float], str],
    baseline: str,
    *,
    less_is_better: bool = False,
) -> tuple[str, str]:
    """(tone, "+14 points against v2"); empty where there is nothing to compare."""
    if own is None or base is None:
        return "", ""
    said = words(own - base)
    arrow = {"+": "↑ ", "−": "↓ "}.get(said[0], "")
    is_better = (own > base) != less_is_better
    return ("done" if is_better else "failed") if arrow else "muted", f"{arrow}{said} against {baseline}"


def _seconds(difference: float) -> str:
    said = f"{abs(difference):.1f} s"
    return f"±{said}" if said == "0.0 s" else f"{'+' if difference > 0 else '−'}{said}"
