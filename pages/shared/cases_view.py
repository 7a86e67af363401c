"""A dataset as a table: read, edited, saved; nobody else's change is written over."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.cases_foot import cases_foot
from pages.shared.cases_foreign import foreign_cases
from pages.shared.cases_meanwhile import cases_meanwhile
from pages.shared.cases_new import bring_documents, new_dataset
from pages.shared.cases_table import cases_table
from workbench import settings
from workbench.datasets.nouns import Dataset
from workbench.datasets.places import dataset_file
from workbench.errors import WorkbenchError

_EMPTY = "No case yet. Add a row below, or press Add as a case under an answer of the Workbench."


def cases_view(path: Path | None, on_new: Callable[[Path], None] | None = None) -> None:
    """Show a dataset's file; what can't be read says why, with its line.

    Args:
        path: The file; None: there is none yet, and one can be made.
        on_new: Told of a file that was made, so that the page shows it; it may end the page run.
    """
    if said := state.passing("cases-said"):
        state.pass_on("cases-said", "")
        st.toast(markup.plain_label(said, 300), icon=":material/check:")
    dataset, problem = _opened(path) if path else (None, "")
    with st.container(horizontal=True, vertical_alignment="center", key="cases-bar"):
        if path:
            st.html(markup.line_html(_title(path, dataset), "title"), width="content")
        # At the left: the table's own tools lie over what is above its right end.
        if path and (dataset is None or dataset.is_ours):
            bring_documents(path.parent)
        made = new_dataset()
    if problem:
        st.error(markup.plain_label(problem, 400), icon=":material/error:")
    elif dataset is None:
        st.html(markup.empty_html("No dataset yet. Make one with New dataset, or add an answer as a case.", ()))
    elif dataset.is_ours:
        _edit(dataset)
    elif name := foreign_cases(dataset):
        made = dataset_file(settings.project(), name)
    if made and on_new:
        on_new(made)
    if made:
        st.rerun()


def _edit(dataset: Dataset) -> None:
    if not dataset.cases:
        st.caption(_EMPTY)
    above = st.container()
    edited = cases_table(dataset)
    with above:
        cases_meanwhile(dataset, edited)
    cases_foot(dataset, edited)


def _title(path: Path, dataset: Dataset | None) -> str:
    root = settings.project()
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    count = "" if dataset is None else f" · {len(dataset.cases):,} case{'' if len(dataset.cases) == 1 else 's'}"
    return f"{shown}{count}"


def _opened(path: Path) -> tuple[Dataset | None, str]:
    """The dataset, or why there is none."""
    try:
        return cached.open_datasets().open(path), ""
    except WorkbenchError as error:
        return None, f"{error.message} {error.hint}"
