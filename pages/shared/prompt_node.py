"""A prompt of the drawing, edited where it stands."""

from collections.abc import Callable

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.editors import editor
from pages.shared.sent_prompts import sent_prompts
from workbench.engine.plan import CellPlan
from workbench.errors import WorkbenchError
from workbench.records import Version
from workbench.state.bench import Bench, Column

_WHY = {
    "tag": 'It is tagged kind="prompt".',
    "name": "Its name ends in _prompt.",
    "config": "It has an alternative for each config.",
    "call": "It reaches a model call as a template.",
    "you": "workbench.toml says so.",
}


def why_prompt(name: str) -> str:
    """Why a node counts as a prompt; empty when it doesn't."""
    found = cached.found_prompts(state.dataflow_name()).get(name)
    return _WHY[found.why] if found else ""


def prompt_node(
    name: str,
    current: Bench,
    column: Column,
    versions: dict[str, Version],
    cell: CellPlan | WorkbenchError | None,
    reached: list[str],
    on_run: Callable[[], None],
) -> None:
    """The editor of a prompt, and beside it the calls that will be made with it.

    Args:
        name: Of the prompt.
        current: The bench.
        column: The variant at hand.
        versions: Label -> version, as read now.
        cell: The variant's plan, or why it can't run; None while there is no document, or it is being counted.
        reached: The nodes that the prompt reaches, in the order of the chain.
        on_run: What Ctrl+Enter does.
    """
    left, right = st.columns(2)
    with left:
        editor(current, column, versions, name, on_run)
    with right:
        if isinstance(cell, WorkbenchError):
            st.error(markup.plain_label(f"{cell.message} {cell.hint}".strip(), 400), icon=":material/error:")
        elif cell is None:
            st.caption("With a document, the calls stand here as they will be sent, one for each chunk.")
        else:
            sent_prompts(cell, reached)
