"""Which models answer, and which one judges; kept in the workspace."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import cached, state
from workbench.models import catalog


def models_choice() -> list[str]:
    """Ask for them; their names."""
    offered = catalog.choices(by_code=cached.asks_by_itself(state.dataflow_name()))
    known = {own.name: catalog.display_name(own) for own in offered}
    can_name = any(own.endpoint == "remote" for own in offered)
    first = state.kept("model") or offered[0].name
    kept = [name for name in state.kept("evaluate-models", [first]) if name in known or can_name]
    state.show("evaluate-models", kept or [offered[0].name])
    chosen = st.multiselect(
        "Models",
        list(dict.fromkeys([*known, *kept])),
        format_func=lambda name: known.get(name, name),
        key="evaluate-models",
        accept_new_options=can_name,
        placeholder="Choose one",
        help="Each variant runs with each of them.",
        on_change=state.keep_widget,
        args=("evaluate-models", "evaluate-models"),
    )
    return [str(name).strip() for name in chosen if str(name).strip()]


def judge_choice(models: Sequence[str]) -> str:
    """Ask which model answers llm-rubric; at first another one than those it judges, where there is one."""
    known = {own.name: catalog.display_name(own) for own in catalog.choices()}
    able = [own.name for own in catalog.choices() if own.endpoint == "remote"] or list(
        known
    )  # the small one can't judge
    others = [name for name in able if name not in models]
    state.show("evaluate-judge", state.kept("evaluate-judge") or (others or able)[0])
    return str(
        st.selectbox(
            "Judge",
            list(dict.fromkeys([*known, state.shown("evaluate-judge")])),
            format_func=lambda name: f"Judge: {known.get(name, name)}",
            key="evaluate-judge",
            label_visibility="collapsed",
            accept_new_options=any(own.endpoint == "remote" for own in catalog.choices()),
            width=280,
            on_change=state.keep_widget,
            args=("evaluate-judge", "evaluate-judge"),
        )
    )


def embedding_field() -> str:
    """Ask which model of the endpoint makes embeddings, for similar; empty until one is named."""
    if state.shown("evaluate-embedding") is None:
        state.show("evaluate-embedding", state.kept("evaluate-embedding", ""))
    name = st.text_input(
        "Embedding model",
        key="evaluate-embedding",
        label_visibility="collapsed",
        placeholder="Embedding model of the endpoint",
        width=280,
        on_change=state.keep_widget,
        args=("evaluate-embedding", "evaluate-embedding"),
    )
    return name.strip()
