"""What the forms of the Store page have in common: fields that a refresh doesn't empty, and what a change says."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.shared import markup, state
from workbench.errors import WorkbenchError

WHO = "person"
"""The name under which a person moves labels and adds versions is asked for once."""


def kept_text(label: str, name: str, place: str, **options: Any) -> None:
    """A line of text that survives a refresh; read it with state.kept, which knows it inside of a click, too.

    Args:
        label: Of the field.
        name: Under which it is kept; several fields may share it.
        place: Which of these fields it is.
        options: Of st.text_input.
    """
    key = f"{name}-{place}"
    state.show(key, state.person() if name == WHO else state.kept(name, ""))
    st.text_input(label, key=key, on_change=state.keep_widget, args=(name, key), **options)


def attempt(place: str, change: Callable[[], str]) -> bool:
    """Whether a change of the store was made, for clicks: it is told in a toast, or why not at its place.

    Args:
        place: Whose problem it would be, see problem_at.
        change: Makes it, and says so as a sentence.
    """
    try:
        said = change()
    except WorkbenchError as error:
        state.pass_on("store-problem", (place, f"{error.message} {error.hint}".strip()))
        return False
    state.pass_on("store-problem", None)
    state.pass_on("store-said", said)
    return True


def problem_at(place: str) -> None:
    """Why the last change, tried at this place, was not made."""
    if (problem := state.passing("store-problem")) and problem[0] == place:
        st.error(markup.plain_label(problem[1], 400), icon=":material/error:")


def told() -> None:
    """What was changed just now."""
    if said := state.passing("store-said"):
        state.pass_on("store-said", "")
        st.toast(markup.plain_label(said, 200), icon=":material/check:")
