"""The runs of a grid as cells: how each stands, what it took, and where it parts from the baseline."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pages.shared import cached, state
from pages.shared.figures import run_figures
from pages.shared.grid_matrix import MatrixCell
from pages.shared.lineups import Lineup, Marks
from pages.shared.plan_words import calls
from workbench.comparison.parting import first_difference, place
from workbench.comparison.steps import steps_between
from workbench.engine.lanes import StepState
from workbench.engine.plan import Plan
from workbench.records import Run

_NOT_RUN = "Not run yet"
_BAR: tuple[StepState, ...] = ("done", "reused", "failed", "stopped", "running", "waiting")
_WORDS = 160
_MOST_KEPT = 300
_NO_MARKS = Marks({}, {})


def grid_cells(
    labels: Sequence[str],
    lined_up: Mapping[str, Lineup],
    plan: Plan | None,
    baseline: str,
    repetition: int,
) -> list[MatrixCell]:
    """What each combination shows.

    Args:
        labels: Of the combinations.
        lined_up: Label -> its runs, for those that were run.
        plan: What those that were not run will need, if it is known.
        baseline: Label of the combination the others are compared with.
        repetition: Which one is shown and compared, from 0.
    """
    beside = _ended(lined_up.get(baseline), repetition)
    cells = []
    for label in labels:
        lineup = lined_up.get(label)
        if not lineup:
            cells.append(_planned(label, plan))
            continue
        run = _ended(lineup, repetition)
        parting = _parting(beside, run) if beside and run and label != baseline else ("", False)
        cells.append(_standing(lineup, min(repetition, len(lineup.members) - 1), *parting))
    return cells


def _planned(label: str, plan: Plan | None) -> MatrixCell:
    plans = [cell for (own, _, _), cell in plan.cells.items() if own == label] if plan else []
    if not plans:
        return MatrixCell(_NOT_RUN, "muted", ())
    made, reused = sum(own.to_make for own in plans), sum(own.reused for own in plans)
    least = "" if all(own.complete for own in plans) else "at least "
    figures = f"{least}{calls(made)} to make" + (f", {reused:,} reused" if reused else "")
    return MatrixCell(_NOT_RUN, "muted", (), figures)


def _standing(lineup: Lineup, repetition: int, parting: str, parts: bool) -> MatrixCell:
    standing = lineup.standing(repetition)
    run, total = standing.run, len(lineup.members)
    shown = dict(pair[:2] for pair in run_figures(run, _NO_MARKS))
    cost = shown["Cost"] if run.calls_made else "nothing paid"
    figures = f"{calls(run.calls_made)} made, {run.calls_reused:,} reused · {cost}"
    if total > 1 or run.status != "done":
        figures = f"{shown['Time']} · {figures}"
    words = "" if standing.text_of else " ".join(standing.text[: 2 * _WORDS].split())[:_WORDS]
    if run.status == "failed" and run.error:
        words = run.error[1][:_WORDS]
    headline = standing.headline
    if total > 1:
        headline = f"{lineup.headline} · {headline}" if standing.live else lineup.headline
    counts = Counter(standing.steps)
    bar = tuple((state, counts[state]) for state in _BAR if counts[state])
    return MatrixCell(headline, lineup.status if total > 1 else run.status, bar, figures, words, parting, parts)


def _ended(lineup: Lineup | None, repetition: int) -> Run | None:
    runs = lineup.over if lineup else []
    return next((run for run in runs if run.repetition == repetition), None)


def _parting(baseline: Run, run: Run) -> tuple[str, bool]:
    """Where a run that has ended parts from the baseline, and whether it does; of the same two runs, found once."""
    found = state.passing("partings", {})
    key = (id(baseline), id(run))
    if key not in found:
        if len(found) >= _MOST_KEPT:
            found = {}
        # The runs are kept along with it, so that no other can come to have their ids.
        found = {**found, key: (*_found_parting(baseline, run), baseline, run)}
        state.pass_on("partings", found)
    text, parts, *_ = found[key]
    return text, parts


def _found_parting(baseline: Run, run: Run) -> tuple[str, bool]:
    steps = steps_between(baseline, run, cached.prompt_names(state.dataflow_name()))
    chunks = run.values.get(cached.dataflow(state.dataflow_name()).chunks, ())
    if first := first_difference(steps):
        return f"parts at {place(first, len(chunks))}", True
    missing = sum(step.state == "not reached" for step in steps)
    if missing or not steps:
        return f"{missing:,} of {len(steps):,} steps not reached", False
    return ("identical but for the prompts" if baseline.prompts != run.prompts else "identical to the baseline"), False
