"""What reused answers took and cost when they were made, told apart from what this run took."""

from collections.abc import Sequence
from datetime import date

from pages.shared.dates import days
from pages.shared.plan_words import dollars
from workbench.records import Run


def reused_words(runs: Sequence[Run], today: date) -> str:
    """ "123 reused: 41 s and $0.0031 when they were made, 12 Nov"; empty when nothing was."""
    number = sum(run.calls_reused for run in runs)
    if not number:
        return ""
    costs = [run.reused_cost_usd for run in runs]
    cost = sum(own for own in costs if own is not None)
    money = f" and {dollars(cost)}" if cost and None not in costs else ""
    answers = [call.answer for run in runs for call in run.calls if call.reused and call.answer]
    when = days((answer.made_at for answer in answers if answer.made_at), today)
    they = "they were" if number > 1 else "it was"
    seconds = sum(run.reused_seconds for run in runs)
    took = f"{seconds:,.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{number:,} reused: {took}{money} when {they} made{', ' + when if when else ''}"
