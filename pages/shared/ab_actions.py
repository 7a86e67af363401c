"""What can be done with an A/B test: start it, change its weights, stop it, kill it; with who and why."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from dataflows.ab import ABTest
from dataflows.prompt_store import PromptStoreError
from pages.shared import markup, state
from pages.shared.ab_known import tests
from pages.shared.store_fields import WHO, attempt, kept_text, problem_at
from workbench import settings
from workbench.ab import starting
from workbench.errors import UsageError
from workbench.prompts.stored import open_store

_TONES: dict[str, Literal["done", "failed", "muted"]] = {"running": "done", "killed": "failed"}
_WHY = "ab-why"


def ab_actions(test: ABTest) -> None:
    """The name and state of a test, and a button for each change that it allows."""
    with st.container(horizontal=True, vertical_alignment="center", key="ab-actions"):
        st.html(markup.card_head_html(f"{test.name} · {test.dataflow}", test.state, _TONES.get(test.state, "muted")))
        st.space("stretch")
        if test.state == "draft":
            _popover(test, "Start", ":material/play_arrow:", _start, "Every arm's prompts go through the gate first.")
        if test.state in ("draft", "running"):
            _weights(test)
            _popover(
                test, "Stop", ":material/flag:", _stop, "Everybody gets the control arm; it can't be started again."
            )
            _popover(
                test,
                "Kill",
                ":material/dangerous:",
                _kill,
                "Everybody gets the control arm as soon as services look again, 30 s by default. Use it when an arm "
                "does harm; it works whatever else was changed meanwhile.",
            )
    problem_at(_place(test))


def _popover(test: ABTest, name: str, icon: str, change: Callable[[ABTest, str, str], str], said: str) -> None:
    with st.popover(name, icon=icon, key=f"ab-{name.lower()}-{test.name}-{test.number}"):
        st.caption(said)
        _who_and_why(name.lower())
        args = (test, change)
        st.button(f"{name} it", type="primary", width="stretch", key=f"ab-{name.lower()}", on_click=_do, args=args)


def _weights(test: ABTest) -> None:
    with st.popover("Weights", icon=":material/balance:", key=f"ab-weights-{test.name}-{test.number}"):
        st.caption("Users move only from arms that lose share to arms that win some.")
        for arm in test.arms:
            st.number_input(
                markup.plain_label(arm.name),
                min_value=0.0,
                max_value=1_000_000.0,
                value=arm.weight,
                key=_weight(test, arm.name),
            )
        _who_and_why("weights")
        button = "Split by these weights"
        st.button(button, type="primary", width="stretch", key="ab-weights", on_click=_do, args=(test, _reweight))


def _who_and_why(place: str) -> None:
    kept_text("Who", WHO, f"ab-{place}")
    kept_text("Why", _WHY, place, placeholder="for the log")


def _do(test: ABTest, change: Callable[[ABTest, str, str], str]) -> None:
    if attempt(_place(test), lambda: change(test, state.person(), state.kept(_WHY, ""))):
        state.keep(_WHY, "")


def _start(test: ABTest, by: str, why: str) -> str:
    try:
        store = open_store()
    except PromptStoreError as error:
        raise UsageError(f"The prompt store can't be opened: {error}.", "Correct WORKBENCH_PROMPT_STORE.") from error
    starting.start(tests(), test, settings.project(), store, by=by, why=why)
    return f"{test.name} is running."


def _reweight(test: ABTest, by: str, why: str) -> str:
    weights = {arm.name: float(state.shown(_weight(test, arm.name), arm.weight)) for arm in test.arms}
    starting.reweight(tests(), test, weights, by=by, why=why)
    return f"{test.name} is split by other weights."


def _stop(test: ABTest, by: str, why: str) -> str:
    starting.stop(tests(), test, by=by, why=why)
    return f"{test.name} is stopped."


def _kill(test: ABTest, by: str, why: str) -> str:
    starting.kill(tests(), test, by=by, why=why)
    return f"{test.name} is killed."


def _place(test: ABTest) -> str:
    return f"ab-{test.name}"


def _weight(test: ABTest, arm: str) -> str:
    return f"ab-weight-{test.name}-{test.number}-{arm}"
