"""How a run is made: how often, how far, and with which sampling. Each choice is kept by the workspace.

What a number shows is set in each page run: what is in a closed popover reaches the browser only when that opens.
"""

import streamlit as st

from pages.shared import state
from workbench.engine.jobs import MOST_REPETITIONS
from workbench.records import Budget, ModelChoice


def repetitions(choice: ModelChoice) -> int:
    """Ask how often each variant is to run."""
    same = " At temperature 0 they will mostly be the same." if choice.temperature == 0 else ""
    number = _number(
        "repetitions",
        "Repeat",
        default=1,
        most=MOST_REPETITIONS,
        help_=f"How often each variant runs, each time with answers of its own.{same}",
    )
    return int(number or 1)


def budget() -> Budget:
    """Ask what the calls of a run may come to; an empty field sets no limit."""
    calls = _number("budget-calls", "Budget: calls", help_="The run stops before the call that would cross it.")
    usd = _number(
        "budget-usd",
        "Budget: US dollars",
        step=0.01,
        help_="The run stops before the call that could cross it, by the price list and the longest answer.",
    )
    return Budget(None if calls is None else int(calls), usd)


def sampling(choice: ModelChoice) -> bool:
    """Ask for temperature and seed, and whether kept answers are to be left alone; the latter is given back."""
    fresh = st.toggle(
        "Ask again, whatever is kept", key="fresh", help="Makes every call anew and keeps the new answers."
    )
    for name, label, step in (("temperature", "Temperature", 0.1), ("seed", "Seed", 1)):
        key = f"{name}-{choice.endpoint}"
        state.show(key, getattr(choice, name))
        st.number_input(
            label,
            value=None,
            min_value=0 if step == 1 else 0.0,
            max_value=None if step == 1 else 2.0,
            step=step,
            key=key,
            placeholder="the model's own",
            help="Empty: the model's own.",
            on_change=state.keep_widget,
            args=(key, key),
        )
    return fresh


def _number(
    name: str,
    label: str,
    *,
    help_: str,
    default: int | None = None,
    step: float = 1,
    most: int | None = None,
) -> float | None:
    """A number over 0 that the workspace keeps under its name; None where an empty field means no limit."""
    least = step if isinstance(step, float) else 1
    state.show(name, state.kept(name, default))
    number: float | None = st.number_input(
        label,
        value=None if default is None else "min",
        min_value=least,
        max_value=most,
        step=step,
        key=name,
        placeholder="no limit",
        help=help_,
        on_change=state.keep_widget,
        args=(name, name),
    )
    return number
