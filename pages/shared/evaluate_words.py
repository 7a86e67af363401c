"""What an evaluation will make, how far it is and what came of it, in words."""

from collections.abc import Sequence

from pages.shared.evaluate_planning import Planned
from pages.shared.plan_words import budget_words, calls, plan_words, progress_words, refusals
from workbench.engine.plan import CellPlan, Plan
from workbench.engine.plans import Count
from workbench.evaluation.choice import Choice
from workbench.evaluation.planning import EvaluationPlan
from workbench.evaluation.rows import Row
from workbench.models.catalog import choice_named


def plan_lines(choice: Choice, found: Planned) -> tuple[str, str, list[str]]:
    """(the plan on one line, what the budget does to it, why something can't run), in the words of any run."""
    plan = found.plan
    if not plan:
        return "", "", refusals(Count(error=found.error))
    models = [choice_named(name) for name in choice.models]
    model = next((own for own in models if own.endpoint != "local"), models[0])
    own = _as_any(plan)
    words = plan_words(own, model)
    if plan.judgements:
        words += f" · at most {calls(plan.judgements)} of the judge, not in the price"
    if plan.embeddings:
        words += f" · at most {calls(plan.embeddings)} of the embedding model, not in the price"
    return words, budget_words(own, choice.budget), [*refusals(Count(own)), *found.problems]


def progress(rows: Sequence[Row], made: tuple[int, int], planned: int | None) -> str:
    """How far it is: "7 of 15 cells, 5 pass · 12 of 41 calls made, 123 reused"."""
    cells = [cell for row in rows for entry in row.entries.values() for cell in entry.cells]
    over = sum(cell.ended for cell in cells)
    passed = sum(cell.passed is True for cell in cells)
    known = planned if planned is not None and made[0] <= planned else None  # the judge's calls are not in the plan
    return f"{over:,} of {len(cells):,} cells, {passed:,} pass · {progress_words(made[0], known, made[1])}"


def points(share: float) -> str:
    """A difference of rates: "+14 points", "−1 point"."""
    number = signed(share)
    return f"{'±0' if number == '0' else number} point{'' if number[1:] == '1' else 's'}"


def signed(share: float) -> str:
    """A difference of rates in points of a hundred: "+14", "−1", "0"."""
    number = round(100 * share)
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{abs(number)}"


def _as_any(plan: EvaluationPlan) -> Plan:
    """As the plan of a single run, of which alone the sums are shown."""
    cell = CellPlan({"": (plan.to_make, plan.reused)}, plan.complete)
    cells = {("", "", 0): cell} if plan.runs else {}
    return Plan(cells, plan.refused, plan.input_tokens, plan.cost_low, plan.cost_high)
