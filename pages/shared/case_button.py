"""The way from an answer to a case of a dataset, and back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import markup, state
from pages.shared.case_source import CaseSource
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.datasets.adding import Addition

_OPEN, _SAID = "case-of", "case-said"


def case_button(key: str, source: Callable[[], CaseSource | None], kind: str = "tertiary") -> None:
    """A button that opens the dialog; after a case was added, one that removes it again.

    Args:
        key: Of this run, on this page.
        source: Gives the run; asked while the dialog is open only.
        kind: Of the button: "tertiary" beside links, "secondary" beside buttons.
    """
    _tell()
    added: Addition | None = state.passing(f"case-added-{key}")
    if added:
        st.button(
            "Remove the case again",
            icon=":material/undo:",
            key=f"case-undo-{key}",
            type="tertiary" if kind == "tertiary" else "secondary",
            help=f"{markup.plain_label(added.case.name, 80)} in {markup.plain_label(added.dataset.name, 60)}",
            on_click=_take_back,
            args=(key, added),
        )
    else:
        st.button(
            "Add as a case",
            icon=":material/playlist_add:",
            key=f"case-{key}",
            type="tertiary" if kind == "tertiary" else "secondary",
            help="Into a dataset: its document and inputs, and what is asked of answers from now on.",
            on_click=state.pass_on,
            args=(_OPEN, key),
        )
    if state.passing(_OPEN) == key:
        from pages.shared.case_dialog import case_dialog  # with all of datasets, which no first page waits for

        found = source()
        if found:
            case_dialog(key, found, _close, _added)
        else:
            _close()


def _close() -> None:
    state.pass_on(_OPEN, "")


def _added(key: str, added: "Addition", place: str) -> None:
    state.pass_on(f"case-added-{key}", added)
    document = f", its document as {added.placed.name}" if added.placed else ""
    state.pass_on(_SAID, (f"{added.case.name} is in {place}{document}.", True))
    _close()


def _take_back(key: str, added: "Addition") -> None:
    from workbench.datasets.adding import take_back

    try:
        take_back(added)
        state.pass_on(_SAID, (f"{added.case.name} is out of {added.dataset.name} again.", True))
    except WorkbenchError as error:
        state.pass_on(_SAID, (f"{error.message} {error.hint}", False))
    state.pass_on(f"case-added-{key}", None)


def _tell() -> None:
    if said := state.passing(_SAID):
        words, well = said
        st.toast(markup.plain_label(words, 300), icon=":material/check:" if well else ":material/error:")
        state.pass_on(_SAID, None)
