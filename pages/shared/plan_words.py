"""A plan in words: what a run will make, reuse, send and cost, and what its budget makes of that."""

import math

from workbench.engine.plan import Plan
from workbench.engine.plans import Count
from workbench.records import Budget, ModelChoice


def plan_words(plan: Plan, model: ModelChoice) -> str:
    """A plan on one line: "41 calls to make, 123 reused · about 61,000 tokens in · $0.021 to $0.064"."""
    if not plan.cells:
        return ""
    if not plan.to_make and plan.complete:
        return "Nothing to make: every answer is kept"
    reused = f", {plan.reused:,} reused" if plan.reused else ""
    least = "" if plan.complete else "at least "
    tokens = f"about {_rounded(plan.input_tokens):,} tokens in"
    return f"{least}{calls(plan.to_make)} to make{reused} · {tokens} · {_cost(plan, model)}"


def progress_words(made: int, planned: int | None, reused: int) -> str:
    """How far a run is: "12 of 41 calls made, 123 reused"; planned is None when that was not counted."""
    of = f"{made:,} of {calls(planned)}" if planned is not None else calls(made)
    return f"{of} made" + (f", {reused:,} reused" if reused else "")


def budget_words(plan: Plan, budget: Budget) -> str:
    """What the budget does to a run of this plan; empty when it doesn't touch it."""
    if budget.calls is not None and plan.to_make > budget.calls:
        return f"the budget of {calls(budget.calls)} stops it after {budget.calls:,} of {plan.to_make:,}"
    if budget.usd is None:
        return ""
    if plan.cost_low is None or plan.cost_high is None:
        return f"the price is unknown, so the budget of {dollars(budget.usd)} can't be kept"
    if plan.cost_high <= budget.usd:
        return ""
    verb = "stops it before the end" if plan.cost_low > budget.usd else "may stop it before the end"
    return f"the budget of {dollars(budget.usd)} {verb}"


def refusals(count: Count) -> list[str]:
    """Why the experiment, or a variant of it, can't run."""
    if count.error:
        return [f"This can't run: {count.error.message} {count.error.hint}".strip()]
    labels: dict[str, list[str]] = {}
    for label, error in (count.plan.refused if count.plan else {}).items():
        labels.setdefault(f"{error.message} {error.hint}".strip(), []).append(label)
    return [f"{' and '.join(own)} can't run: {reason}" for reason, own in labels.items()]


def calls(number: int, noun: str = "call") -> str:
    """ "1 call", "1,204 calls"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def dollars(usd: float) -> str:
    """Money to two digits that count: "$0.021", "$14.20"; what is under a hundredth of a cent is said so."""
    if 0 < usd < 0.0001:
        return "under $0.0001"
    digits = 2 if usd >= 0.1 or usd == 0 else 1 - math.floor(math.log10(usd))
    whole, _, cents = f"{usd:,.{digits}f}".partition(".")
    return f"${whole}.{cents.rstrip('0').ljust(2, '0')}"


def _cost(plan: Plan, model: ModelChoice) -> str:
    if model.endpoint == "local":
        return "local, free"
    if plan.cost_low is None or plan.cost_high is None:
        return "price unknown"
    low, high = dollars(plan.cost_low), dollars(plan.cost_high)
    return low if low == high else f"{low} to {high}"


def _rounded(tokens: int) -> int:
    """To two digits, for what is only about right."""
    return round(tokens, 2 - len(str(tokens))) if tokens >= 100 else tokens
