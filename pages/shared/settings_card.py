"""The inputs of the dataflow as a form made from its graph, the model, and the settings of a run."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages.shared import cached, input_fields, markup, run_options, state
from workbench.documents.scripts import is_mostly_latin
from workbench.graphs import graph
from workbench.graphs.inputs import input_specs
from workbench.models import catalog
from workbench.models.local_server import local_model_problem
from workbench.models.prices import price_date
from workbench.records import Budget, Document, ModelChoice, Version

_MOST_BESIDE = 4
"""Texts that stand beside each other; more go behind the settings button."""


@dataclass(frozen=True)
class RunSettings:
    """What a run gets besides document and prompts."""

    choice: ModelChoice
    inputs: dict[str, Any]
    """Values that differ from the defaults."""
    chunk_tokens: int | None
    """The longest chunk, where the dataflow has such an input."""
    fresh: bool
    repetitions: int
    budget: Budget


def settings_card(versions: Collection[Version]) -> RunSettings:
    """Show the form for these versions; what is set in it."""
    choice = _kept_choice()
    specs = input_specs(cached.dataflow(state.dataflow_name()), choice, versions)
    texts = [spec for spec in specs if spec.kind == "text"][:_MOST_BESIDE]
    widths = [*(30 if not input_fields.is_parameter(spec) else 18 for spec in texts), 20, 11, 8]
    columns = st.columns(widths, vertical_alignment="bottom", gap="small")
    inputs: dict[str, Any] = {}
    for column, spec in zip(columns, texts, strict=False):
        with column:
            input_fields.text_field(spec, inputs)
    with columns[-3]:
        _model_box(choice)
    with columns[-2]:
        repetitions = run_options.repetitions(choice)
    with columns[-1], st.popover("", icon=":material/tune:", help="Settings", key="settings"):
        fresh = run_options.sampling(choice)
        others = input_fields.fields([spec for spec in specs if spec not in texts], choice.endpoint, inputs)
        budget = run_options.budget()
    state.keep("inputs", inputs)
    given = {**inputs, **others}
    defaults = {spec.name: spec.default for spec in specs if not spec.required}
    return RunSettings(choice, given, {**defaults, **given}.get("max_chunk_tokens"), fresh, repetitions, budget)


def _kept_choice() -> ModelChoice:
    known = {choice.name: choice for choice in _choices()}
    name = state.kept("model")
    can_name = any(own.endpoint == "remote" for own in known.values())
    choice = known.get(name) or (catalog.choice_named(name) if name and can_name else _choices()[0])
    set_by_hand = {name: state.kept(f"{name}-{choice.endpoint}") for name in ("temperature", "seed")}
    return replace(choice, **{name: value for name, value in set_by_hand.items() if value is not None})


def _choices() -> list[ModelChoice]:
    return catalog.choices(by_code=cached.asks_by_itself(state.dataflow_name()))


def _model_box(choice: ModelChoice) -> None:
    known = {own.name: catalog.display_name(own) for own in _choices()}
    can_name = any(own.endpoint == "remote" for own in _choices())
    names = list(dict.fromkeys([*known, choice.name]))
    state.show("model", choice.name)
    st.selectbox(
        "Model",
        names,
        format_func=lambda name: known.get(name, name),
        key="model",
        accept_new_options=can_name,
        help=f"Any model of the endpoint: type its name. Prices: {price_date()}." if can_name else None,
        on_change=state.keep_widget,
        args=("model", "model"),
    )


def small_model_note(choice: ModelChoice, document: Document | None) -> None:
    """What to expect of the small model, while it is the one that answers."""
    if choice.endpoint != "local":
        return
    if problem := local_model_problem():
        st.warning(markup.plain_label(f"The small model can't run here: {problem}", 400), icon=":material/warning:")
    elif document and not is_mostly_latin(" ".join(document.page_texts)):
        st.warning(
            "The small demo model reads English only, and this document is in another script: it will write nonsense. "
            "Set OPENAI_API_KEY or OPENAI_BASE_URL to use another model.",
            icon=":material/translate:",
        )
    else:
        st.caption(
            "A small demo model of 135 million parameters answers, on this machine. It reads English only, "
            "and it invents facts. Set OPENAI_API_KEY or OPENAI_BASE_URL to use another."
        )


def readable_prompt(name: str) -> str:
    """The name of a prompt as a label: "summarize_chunk_of_text_prompt" as "Summarize chunk of text"."""
    return input_fields.label(name.removesuffix(graph.PROMPT_SUFFIX))
