"""A field for each input of a dataflow, by what it takes."""

import json
from collections.abc import Collection
from typing import Any

import streamlit as st

from pages.shared import markup, state
from workbench.errors import InputError
from workbench.graphs.inputs import InputSpec, coerced


def label(name: str) -> str:
    """A name of the code as a label: "max_chunk_tokens" as "Max chunk tokens"."""
    return name.replace("_", " ").capitalize()


def is_parameter(spec: InputSpec) -> bool:
    """Whether only prompts use it."""
    return all(user.endswith("_prompt") for user in spec.used_by)


def text_field(spec: InputSpec, inputs: dict[str, Any]) -> None:
    """A dataflow's own input shows its default as text; a prompt's parameter leaves each version its default."""
    default = "" if spec.required or spec.default is None else str(spec.default)
    key = f"input-{spec.name}"
    kept = state.kept("inputs", {}).get(spec.name)
    if state.shown(key) is None:
        state.show(key, kept if kept is not None else "" if is_parameter(spec) else default)
    text = st.text_input(label(spec.name), key=key, placeholder=default, help=_help(spec))
    if text and (text != default or is_parameter(spec)):
        inputs[spec.name] = text


def fields(specs: Collection[InputSpec], endpoint: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """All other inputs; the values that differ from the defaults.

    Args:
        specs: What to ask for.
        endpoint: Kind of the model: numbers are kept for each of them, as their defaults differ.
        inputs: Texts go in here.
    """
    given: dict[str, Any] = {}
    for spec in specs:
        match spec.kind:
            case "text":
                text_field(spec, inputs)
            case "json":
                _json_field(spec, given)
            case "flag":
                _flag(spec, endpoint)
            case _:
                _number(spec, endpoint)
    kept = state.kept(f"numbers-{endpoint}", {})
    return {**given, **{spec.name: kept[spec.name] for spec in specs if spec.name in kept}}


def _number(spec: InputSpec, endpoint: str) -> None:
    key = f"input-{endpoint}-{spec.name}"
    default = None if spec.required else spec.default
    kind = float if float in spec.options else int
    state.show(key, state.kept(f"numbers-{endpoint}", {}).get(spec.name, default))
    st.number_input(
        label(spec.name),
        value=None if default is None else "min",
        step=kind(1),
        min_value=kind(1) if default is None or default >= 1 else None,
        key=key,
        placeholder="none",
        on_change=_keep,
        args=(endpoint, spec.name, key, default),
    )


def _flag(spec: InputSpec, endpoint: str) -> None:
    key = f"input-{endpoint}-{spec.name}"
    default = False if spec.required else bool(spec.default)
    state.show(key, state.kept(f"numbers-{endpoint}", {}).get(spec.name, default))
    st.toggle(label(spec.name), key=key, help=_help(spec), on_change=_keep, args=(endpoint, spec.name, key, None))


def _json_field(spec: InputSpec, given: dict[str, Any]) -> None:
    key = f"input-{spec.name}"
    default = "" if spec.required or spec.default is None else _json(spec.default)
    if state.shown(key) is None:
        state.show(key, state.kept(f"json-{spec.name}", default))
    text = st.text_area(
        label(spec.name),
        key=key,
        help=_help(spec),
        placeholder="JSON",
        on_change=lambda: state.keep(f"json-{spec.name}", state.shown(key)),
    )
    if not text.strip() or text == default:
        return
    try:
        given[spec.name] = coerced(spec, text)
    except InputError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}", 300), icon=":material/error:")


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, indent=2)
    except (TypeError, ValueError):
        return ""


def _keep(endpoint: str, name: str, key: str, default: float | None) -> None:
    """Keep what differs from the default."""
    others = {own: value for own, value in state.kept(f"numbers-{endpoint}", {}).items() if own != name}
    value = state.shown(key)
    state.keep(f"numbers-{endpoint}", others if value in (None, default) else {**others, name: value})


def _help(spec: InputSpec) -> str:
    return "Used by " + ", ".join(f"`{user}`" for user in spec.used_by)
