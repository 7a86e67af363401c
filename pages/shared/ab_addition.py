"""The form that describes a new A/B test: control and candidate, the outcome that decides, and when to stop."""

import re

import streamlit as st

from dataflows.ab import Arm, ArmPrompts, StopRule
from pages.shared import cached, markup, state
from pages.shared.ab_known import choose_test, tests
from pages.shared.store_fields import WHO, attempt, kept_text, problem_at
from workbench.ab import starting
from workbench.prompts.stored import PREFIX

_PLACE = "ab-new"
_NAME, _OUTCOME, _WHY = "ab-name", "ab-outcome", "ab-new-why"
_MERGED = re.compile(r"v[1-9][0-9]{0,8}")


def ab_addition() -> None:
    """A draft is made of it, which splits nobody before it is started."""
    st.markdown("**New A/B test**")
    dataflow = state.dataflow_name()
    st.caption(markup.plain_label(f"Of {dataflow}; the Workbench page chooses another dataflow.", 200))
    kept_text("Name", _NAME, "new", max_chars=80, placeholder="shorter-answers")
    labels = [own for own in cached.versions(dataflow) if _MERGED.fullmatch(own) or own.startswith(PREFIX)]
    if not labels:
        st.info("There is no merged or stored version to compare.", icon=":material/info:")
        return
    merged = [own for own in labels if _MERGED.fullmatch(own)]
    st.selectbox("Control", labels, key="ab-control", index=labels.index(merged[-2]) if len(merged) > 1 else 0)
    st.selectbox("Candidate", labels, key="ab-candidate", index=labels.index(merged[-1]) if merged else 0)
    st.slider("Share of the candidate", 1, 99, 50, format="%d %%", key="ab-share")
    kept_text("Outcome that decides", _OUTCOME, "new", max_chars=80, placeholder="helpful")
    st.number_input("Stop without a winner at units in each arm", 1, 100_000_000, 2_000, key="ab-most")
    kept_text("Who", WHO, "ab-new")
    kept_text("Why", _WHY, "new", placeholder="what is hoped for")
    st.button("Keep as a draft", type="primary", key="ab-add", on_click=_add)
    problem_at(_PLACE)


def _add() -> None:
    name = str(state.kept(_NAME, "")).strip()
    share = float(state.shown("ab-share", 50))
    arms = [
        Arm("control", 100.0 - share, _prompts(state.shown("ab-control", ""))),
        Arm("candidate", share, _prompts(state.shown("ab-candidate", ""))),
    ]
    rule = StopRule(most_units=int(state.shown("ab-most", 2_000)))

    def change() -> str:
        outcome, why = str(state.kept(_OUTCOME, "")).strip() or "helpful", state.kept(_WHY, "")
        starting.draft(tests(), name, state.dataflow_name(), arms, outcome, rule, by=state.person(), why=why)
        return f"{name} is a draft; start it when the service knows its name."

    if attempt(_PLACE, change):
        for field in (_NAME, _WHY):
            state.keep(field, "")
        choose_test(name)


def _prompts(label: str) -> ArmPrompts:
    return ArmPrompts("store", label.removeprefix(PREFIX)) if label.startswith(PREFIX) else ArmPrompts("module", label)
