"""The inputs of the dataflow as a form made from its graph, the model, and the settings of a run."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dataflows import DATAFLOWS
from pages.shared import cached, markup, run_options, state
from workbench.documents.scripts import is_mostly_latin
from workbench.graphs import graph
from workbench.graphs.inputs import InputSpec, input_specs
from workbench.models import catalog
from workbench.models.local_server import local_model_problem
from workbench.models.prices import price_date
from workbench.records import Budget, Document, ModelChoice, Version


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
    specs = input_specs(DATAFLOWS[cached.DATAFLOW], choice, versions)
    texts = [spec for spec in specs if str in spec.options]
    widths = [*(30 if not _is_parameter(spec) else 18 for spec in texts), 20, 11, 8]
    columns = st.columns(widths, vertical_alignment="bottom", gap="small")
    inputs: dict[str, Any] = {}
    for column, spec in zip(columns, texts, strict=False):
        with column:
            _text_input(spec, inputs)
    with columns[-3]:
        _model_box(choice)
    with columns[-2]:
        repetitions = run_options.repetitions(choice)
    with columns[-1], st.popover("", icon=":material/tune:", help="Settings", key="settings"):
        fresh = run_options.sampling(choice)
        numbers = _number_inputs([spec for spec in specs if spec not in texts], choice.endpoint)
        budget = run_options.budget()
    state.keep("inputs", inputs)
    given = {**inputs, **numbers}
    defaults = {spec.name: spec.default for spec in specs if not spec.required}
    return RunSettings(choice, given, {**defaults, **given}.get("max_chunk_tokens"), fresh, repetitions, budget)


def _kept_choice() -> ModelChoice:
    known = {choice.name: choice for choice in catalog.choices()}
    name = state.kept("model")
    choice = known.get(name) or (catalog.choice_named(name) if name and len(known) > 1 else catalog.default_choice())
    set_by_hand = {name: state.kept(f"{name}-{choice.endpoint}") for name in ("temperature", "seed")}
    return replace(choice, **{name: value for name, value in set_by_hand.items() if value is not None})


def _model_box(choice: ModelChoice) -> None:
    known = {own.name: catalog.display_name(own) for own in catalog.choices()}
    names = list(dict.fromkeys([*known, choice.name]))
    state.show("model", choice.name)
    st.selectbox(
        "Model",
        names,
        format_func=lambda name: known.get(name, name),
        key="model",
        accept_new_options=len(known) > 1,
        help=f"Any model of the endpoint: type its name. Prices: {price_date()}." if len(known) > 1 else None,
        on_change=state.keep_widget,
        args=("model", "model"),
    )


def _text_input(spec: InputSpec, inputs: dict[str, Any]) -> None:
    """A dataflow's own input shows its default as text; a prompt's parameter leaves each version its default."""
    default = "" if spec.required or spec.default is None else str(spec.default)
    key = f"input-{spec.name}"
    kept = state.kept("inputs", {}).get(spec.name)
    if state.shown(key) is None:
        state.show(key, kept if kept is not None else "" if _is_parameter(spec) else default)
    text = st.text_input(label(spec.name), key=key, placeholder=default, help=_help(spec))
    if text and (text != default or _is_parameter(spec)):
        inputs[spec.name] = text


def _number_inputs(specs: Collection[InputSpec], endpoint: str) -> dict[str, Any]:
    """The values that differ from the defaults; kept apart for each kind of model, whose defaults differ."""
    kept = state.kept(f"numbers-{endpoint}", {})
    for spec in specs:
        key = f"input-{endpoint}-{spec.name}"
        default = None if spec.required else spec.default
        kind = float if float in spec.options else int
        state.show(key, kept.get(spec.name, default))
        st.number_input(
            label(spec.name),
            value=None if default is None else "min",
            step=kind(1),
            min_value=kind(1),
            key=key,
            placeholder="none",
            on_change=_keep_number,
            args=(endpoint, spec.name, key, default),
        )
    return {spec.name: kept[spec.name] for spec in specs if spec.name in kept}


def _keep_number(endpoint: str, name: str, key: str, default: float | None) -> None:
    """Keep what differs from the default."""
    others = {own: value for own, value in state.kept(f"numbers-{endpoint}", {}).items() if own != name}
    value = state.shown(key)
    state.keep(f"numbers-{endpoint}", others if value in (None, default) else {**others, name: value})


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


def label(name: str) -> str:
    """A name of the code as a label: "max_chunk_tokens" as "Max chunk tokens"."""
    return name.replace("_", " ").capitalize()


def readable_prompt(name: str) -> str:
    """The name of a prompt as a label: "summarize_chunk_of_text_prompt" as "Summarize chunk of text"."""
    return label(name.removesuffix(graph.PROMPT_SUFFIX))


def _is_parameter(spec: InputSpec) -> bool:
    return all(user.endswith("_prompt") for user in spec.used_by)


def _help(spec: InputSpec) -> str:
    return "Used by " + ", ".join(f"`{user}`" for user in spec.used_by)
