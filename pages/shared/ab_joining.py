"""The form that adds an arm to an A/B test: its prompts, its weight, and whose traffic moves to it."""

import re

import streamlit as st

from dataflows.ab import ABTest, Arm, ArmPrompts
from dataflows.ab.records import Way
from dataflows.prompt_store import PromptStoreError
from pages.shared import cached, markup, state
from pages.shared.ab_known import tests
from pages.shared.store_fields import WHO, attempt, kept_text, problem_at
from workbench import settings
from workbench.ab import starting
from workbench.errors import UsageError
from workbench.prompts.stored import PREFIX, open_store

_NAME, _FILE, _VERSION, _WHY = "ab-arm-name", "ab-arm-file", "ab-arm-version", "ab-arm-why"
_MERGED = re.compile(r"v[1-9][0-9]{0,8}")
_WAYS: dict[Way, str] = {"module": "a merged module", "store": "the prompt store", "config": "config variants"}
_FIRST_SHARE = 0.1


def ab_joining(test: ABTest) -> None:
    """Its prompts go through the gate before it is there."""
    st.markdown(f"**Add an arm to {markup.plain_label(test.name)}**")
    kept_text("Name of the arm", _NAME, test.name, max_chars=80, placeholder="shorter")
    way = st.selectbox("Prompts come from", list(_WAYS), format_func=_WAYS.__getitem__, key=_key(test, "way"))
    labels = _labels(test, way)
    if way == "config":
        kept_text("File with the variants", _FILE, test.name, placeholder="dataflows/prompts.py")
        kept_text("Version", _VERSION, test.name, max_chars=10, placeholder="v4")
    elif labels:
        st.selectbox("Version", labels, index=len(labels) - 1 if way == "module" else 0, key=_key(test, way))
    else:
        st.info(f"There is no version in {_WAYS[way]}.", icon=":material/info:")
    others = sum(test.weights.values())
    first = round(others * _FIRST_SHARE / (1 - _FIRST_SHARE), 2)
    weight = st.number_input("Weight", 0.01, 1_000_000.0, max(0.01, first), key=_key(test, "weight"))
    st.caption(_moved(test, weight))
    kept_text("Who", WHO, f"ab-arm-{test.name}")
    kept_text("Why", _WHY, test.name, placeholder="what is hoped for")
    blocked = way != "config" and not labels
    st.button("Add the arm", type="primary", key="ab-join", on_click=_add, args=(test,), disabled=blocked)
    problem_at(_place(test))


def _labels(test: ABTest, way: Way) -> list[str]:
    known = cached.versions(test.dataflow) if way != "config" else {}
    if way == "store":
        return [own.removeprefix(PREFIX) for own in known if own.startswith(PREFIX)]
    return [own for own in known if _MERGED.fullmatch(own)]


def _moved(test: ABTest, weight: float) -> str:
    """Each of the others loses the same part of its share; the split moves nobody else, see dataflows.ab.arm_of."""
    others = sum(test.weights.values())
    share = weight / (others + weight)
    parts = ", ".join(
        f"{markup.plain_label(name)} {own / others:.1%} → {own / (others + weight):.1%}"
        for name, own in test.weights.items()
    )
    return f"It gets {share:.1%} of the traffic: about as many users move to it, and nobody else moves. {parts}."


def _add(test: ABTest) -> None:
    def change() -> str:
        try:
            store = open_store()
        except PromptStoreError as error:
            raise UsageError(
                f"The prompt store can't be opened: {error}.", "Correct WORKBENCH_PROMPT_STORE."
            ) from error
        arm = Arm(str(state.kept(_NAME, "")).strip(), float(state.shown(_key(test, "weight"), 1.0)), _prompts(test))
        why = state.kept(_WHY, "")
        starting.add_arm(tests(), test, arm, settings.project(), store, by=state.person(), why=why)
        return f"{arm.name} is an arm of {test.name}."

    if attempt(_place(test), change):
        for field in (_NAME, _WHY):
            state.keep(field, "")


def _prompts(test: ABTest) -> ArmPrompts:
    way: Way = state.shown(_key(test, "way"), "module")
    if way == "config":
        return ArmPrompts("config", str(state.kept(_VERSION, "")).strip(), str(state.kept(_FILE, "")).strip())
    return ArmPrompts(way, str(state.shown(_key(test, way), "")))


def _key(test: ABTest, field: str) -> str:
    return f"ab-arm-{field}-{test.name}-{test.number}"


def _place(test: ABTest) -> str:
    return f"ab-arm-{test.name}"
