"""Fields that correct which nodes of a dataflow are its prompts."""

from dataclasses import replace

import streamlit as st

from dataflows import Dataflow
from pages.shared import markup
from workbench.discovery.facts import Facts

_MOST_SHOWN = 8


def corrected(place: str, chosen: Dataflow, facts: Facts) -> Dataflow:
    """The dataflow with what was chosen of its nodes; what was found is shown.

    Args:
        place: Part of the fields' keys: what is chosen belongs to these modules.
        chosen: What the fields begin with.
        facts: Of this dataflow.
    """
    names = ", ".join(facts.found[:_MOST_SHOWN]) or "none"
    more = f" and {len(facts.found) - _MOST_SHOWN} more" if len(facts.found) > _MOST_SHOWN else ""
    st.caption(f"Prompts that were found: {markup.plain_label(f'{names}{more}', 300)}.")
    with st.container(horizontal=True):
        also = _some("Also a prompt", f"setup-also-{place}", facts.texts, chosen.also_prompts, "none was missed")
        never = _some("No prompt", f"setup-never-{place}", facts.found, chosen.never_prompts, "all of them are")
    return replace(chosen, also_prompts=also, never_prompts=never)


def as_option(text: str) -> str:
    """A text as an option of a list, which is no Markdown; marks that turn the reading direction are not in it."""
    return "".join(own if own.isprintable() else " " for own in text)[:120]


def _some(label: str, key: str, names: tuple[str, ...], chosen: tuple[str, ...], nothing: str) -> tuple[str, ...]:
    options = list(dict.fromkeys([*names, *chosen]))
    return tuple(
        st.multiselect(
            label,
            options,
            default=list(chosen),
            format_func=as_option,
            key=key,
            placeholder=nothing,
        )
    )
