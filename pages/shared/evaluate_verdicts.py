"""The verdict on each variant against the baseline, over all and for each tag, and what two prompts do together."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.shared import markup
from pages.shared.escaping import escaped
from pages.shared.evaluate_live import LiveEvaluation
from pages.shared.evaluate_words import points, signed
from workbench.evaluation.judged import rate_interval, unit_of
from workbench.evaluation.outcome import Outcome
from workbench.evaluation.sums import Tally
from workbench.statistics.verdict import Verdict
from workbench.statistics.wording import short

_TONES = {"better": "done", "worse": "failed", "not enough evidence": "muted"}


def evaluate_verdicts(evaluation: LiveEvaluation, outcome: Outcome) -> None:
    """Show them; without a baseline, the pass rates alone.

    Args:
        evaluation: Which is over.
        outcome: Its outcome.
    """
    unit = unit_of(outcome.matrix)
    with st.container(key="evaluate-verdicts"):
        st.html(verdicts_html(outcome, list(outcome.overall.values()), unit))
        for own in outcome.joint:
            st.html(markup.line_html(own, "detail"))
        slices = [own for own in outcome.verdicts if own.slice]
        if slices:
            with st.expander(f"By tag, {len({own.slice for own in slices}):,} slices", key="evaluate-slices"):
                st.html(_slices_html(evaluation.slices, slices, unit))


def verdicts_html(outcome: Outcome, verdicts: Sequence[Verdict], unit: str) -> str:
    """A row for each column: its pass rate, and the verdict with all that it stands on."""
    known = {own.subject: own for own in verdicts}
    heads = ["Variant", "Cases passed", "Rate (95 %)", "Score"]
    heads += [*_verdict_heads(unit)] if outcome.matrix.baseline else []
    rows = []
    for label, tally in outcome.tallies.items():
        low, high = rate_interval(tally)
        rate = "–" if tally.rate is None else f"{tally.rate:.0%} ({low:.0%} to {high:.0%})"
        mixed = f", {tally.mixed:,} mixed" if tally.mixed else ""
        left = f", {tally.cases - tally.over:,} open" if tally.over < tally.cases else ""
        cells = [label, f"{tally.passed:,} of {tally.over:,}{mixed}{left}", rate]
        cells.append("–" if tally.score is None else f"{tally.score:.2f}")
        rows.append([escaped(own) for own in cells] + (_verdict(known.get(label)) if outcome.matrix.baseline else []))
    return _table_html("Against the baseline" if outcome.matrix.baseline else "Pass rates", heads, rows)


def _slices_html(tallies: Mapping[str, Mapping[str, Tally]], verdicts: Sequence[Verdict], unit: str) -> str:
    heads = ["Tag", "Variant", "Cases passed", *_verdict_heads(unit)]
    rows = []
    for own in sorted(verdicts, key=lambda own: own.slice):
        tally = tallies[own.slice][own.subject]
        cells = [own.slice, own.subject, f"{tally.passed:,} of {tally.over:,}"]
        rows.append([escaped(cell) for cell in cells] + _verdict(own))
    return _table_html("By tag", heads, rows)


def _verdict_heads(unit: str) -> tuple[str, ...]:
    return "Verdict", "Difference (95 %)", f"{unit.capitalize()}s", "Won / lost / tied", "p"


def _verdict(own: Verdict | None) -> list[str]:
    if own is None:
        return ['<span class="wb-tone-muted">baseline</span>', "", "", "", ""]
    word = f'<span class="wb-tone-{_TONES[own.word]}">{escaped(short(own))}</span>'
    between = f" ({signed(own.interval[0])} to {signed(own.interval[1])})" if own.interval else ""
    difference = "–" if own.difference is None else f"{points(own.difference)}{between}"
    left_out = f", {own.unpaired:,} left out" if own.unpaired else ""
    counts = f"{own.wins:,} / {own.losses:,} / {own.ties:,}"
    p = f'<span title="{escaped(own.method)}">{own.p:.2g}</span>'
    return [word, escaped(difference), escaped(f"{own.n:,}{left_out}"), counts, p]


def _table_html(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells are HTML, heads are texts."""
    first = "".join(f'<th scope="col">{escaped(head)}</th>' for head in heads)
    body = "".join(
        "<tr>" + f'<th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wb-verdicts"><table aria-label="{escaped(name)}"><thead><tr>{first}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
