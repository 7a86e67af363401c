"""What runs took, as figures to be shown: of one run, and of several that repeat each other."""

from collections.abc import Callable, Sequence

from pages.shared.lineups import Lineup, Marks
from pages.shared.spread_markup import Figure
from workbench.comparison.spread import spread_of
from workbench.records import Run

Pair = tuple[str, str, str]
"""(label, value, tone)"""

_SHOWN: dict[str, tuple[str, Callable[[float], str], str]] = {
    "seconds": ("Time", lambda value: f"{value:.1f}", "{} s"),
    "tokens": ("Tokens out", lambda value: f"{value:,.0f}", "{}"),
    "cost": ("Cost", lambda value: f"{value:.4f}", "${}"),
}


def run_figures(run: Run, marks: Marks) -> list[Pair]:
    """Of one run."""
    first = "–" if run.first_token_seconds is None else f"{run.first_token_seconds:.1f} s"
    done = run.status == "done"
    return [
        ("Time", f"{run.seconds:.1f} s", "best" if done and run.seconds == marks.best.get("seconds") else ""),
        ("First token", first, ""),
        ("Tokens in / out", f"{run.input_tokens:,} / {run.output_tokens:,}", ""),
        _calls([run]),
        ("Cost", _cost(run), "best" if done and run.cost_usd and run.cost_usd == marks.best.get("cost") else ""),
    ]


def spread_figures(lineup: Lineup, marks: Marks) -> list[Figure]:
    """Of the repetitions that are done."""
    known = lineup.figures
    shown = []
    for name, (label, number, unit) in _SHOWN.items():
        spread = spread_of(value for _, value in known[name])
        if spread is None or (name == "cost" and not spread.most):
            continue
        least, most = number(spread.least), number(spread.most)
        shown.append(
            Figure(
                label,
                [(repetition, value, unit.format(number(value))) for repetition, value in known[name]],
                median=unit.format(number(spread.median)),
                ends="all equal" if least == most else unit.format(f"{least}–{most}"),
                axis=marks.axes[name],
                tone="best" if spread.median == marks.best.get(name) else "",
            )
        )
    return shown


def total_figures(over: Sequence[Run]) -> list[Pair]:
    """Of all repetitions that have ended, together."""
    costs = [run.cost_usd for run in over]
    cost = "price unknown" if None in costs else f"${sum(own or 0 for own in costs):.4f}"
    if any(map(_is_local, over)):
        cost = "local"
    tokens = f"{sum(run.input_tokens for run in over):,} / {sum(run.output_tokens for run in over):,}"
    return [("All tokens in / out", tokens, ""), _calls(over), ("All cost", cost, "")]


def _calls(runs: Sequence[Run]) -> Pair:
    made, reused = sum(run.calls_made for run in runs), sum(run.calls_reused for run in runs)
    return "Calls / reused", f"{made:,} / {reused:,}", ""


def _cost(run: Run) -> str:
    return "price unknown" if run.cost_usd is None else "local" if _is_local(run) else f"${run.cost_usd:.4f}"


def _is_local(run: Run) -> bool:
    return any(call.request.origin == "local" for call in run.calls)
