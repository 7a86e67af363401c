"""The dialog that makes a case of a run: where to, what it is called, and what is asked of answers to it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.case_assertions import assertion_editor, assertions_text
from pages.shared.case_document import chosen_document, document_line
from pages.shared.case_source import CaseSource
from workbench import project, settings
from workbench.datasets.adding import Addition, add_case
from workbench.datasets.listing import dataset_files
from workbench.datasets.nouns import Dataset
from workbench.datasets.places import dataset_file
from workbench.datasets.reading import FILE, open_dataset
from workbench.datasets.spelling import yaml_of
from workbench.datasets.typed_assertions import typed_assertions
from workbench.errors import WorkbenchError

_LAST = "case-dataset"


def case_dialog(
    key: str, source: CaseSource, close: Callable[[], None], added: Callable[[str, Addition, str], None]
) -> None:
    """Show it.

    Args:
        key: Of the run, on this page.
        source: The run.
        close: Called when nothing is to be added.
        added: Called with the key, what was added, and its file as a path in the project.
    """

    @st.dialog("Add as a case", width="large", icon=":material/playlist_add:", on_dismiss=close)
    def dialog() -> None:
        if state.passing("case-of") != key:  # it was added: only the whole page can close a dialog
            st.rerun()
        reads = bool(cached.document_suffixes(source.dataflow))
        left, middle, right = st.columns([1, 1.4, 1])
        with left:
            chosen = _dataset(key, source)
        with middle:
            _name(key, source)
        with right:
            _tags(key, chosen[1] if chosen else None)
        document_line(key, source, reads)
        _inputs(source)
        fits = assertion_editor(key, source)
        if problem := state.passing(f"case-problem-{key}"):
            st.error(markup.plain_label(problem, 400), icon=":material/error:")
        st.button(
            "Add",
            type="primary",
            key=f"case-add-{key}",
            disabled=not fits or chosen is None,
            on_click=_add,
            args=(key, source, reads, added),
        )

    dialog()


def _dataset(key: str, source: CaseSource) -> tuple[str, Dataset | None] | None:
    """The dataset's name, and the dataset where it is there; None where the case can't go there."""
    others = set(project.dataflows()) - {source.dataflow}
    files = dataset_files(settings.project())
    names = [path.parent.name for path in files if path.name == FILE and path.parent.name not in others]
    last = state.kept(_LAST, source.dataflow)
    place = f"case-dataset-{key}"
    if state.shown(place) is None:
        state.show(place, last)
    options = list(dict.fromkeys([*names, last, state.shown(place)]))
    name = st.selectbox(
        "Dataset", options, key=place, accept_new_options=True, help="One that is there, or a name for a new one."
    )
    try:
        path = dataset_file(settings.project(), str(name or "").strip())
        if not path.exists():
            st.caption(f"A new dataset: {markup.plain_label(_shown(path))}")
            return str(name), None
        return str(name), open_dataset(path, settings.project(), settings.home())
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}", 400), icon=":material/error:")
        return None


def _name(key: str, source: CaseSource) -> None:
    if state.shown(f"case-name-{key}") is None:
        state.show(f"case-name-{key}", source.suggested_name)
    st.text_input("Name", key=f"case-name-{key}", max_chars=180)


def _tags(key: str, dataset: Dataset | None) -> None:
    known = list(dataset.tags) if dataset else []
    st.multiselect(
        "Tags", known, key=f"case-tags-{key}", accept_new_options=True, max_selections=20, placeholder="None"
    )


def _inputs(source: CaseSource) -> None:
    kept = source.plain_inputs
    if kept:
        st.caption("Inputs of the run; all others are at their defaults.")
        st.code(yaml_of(kept), language="yaml", wrap_lines=True)
    else:
        st.caption("Inputs: all at their defaults.")
    if left := [name for name in source.inputs if name not in kept]:
        names = markup.plain_label(", ".join(left), 200)
        st.warning(f"{names}: no text, number or truth value, so the case leaves it to its default.")


def _add(key: str, source: CaseSource, reads: bool, added: Callable[[str, Addition, str], None]) -> None:
    def shown(name: str) -> Any:
        return state.shown(f"case-{name}-{key}")

    dataset = str(shown("dataset") or "").strip()
    try:
        path = dataset_file(settings.project(), dataset)
        addition = add_case(
            path,
            settings.project(),
            settings.home(),
            name=str(shown("name") or ""),
            document=chosen_document(key, source, reads),
            inputs=source.plain_inputs,
            assertions=typed_assertions(assertions_text(key, source)),
            tags=[tag.strip() for tag in shown("tags") or () if tag.strip()],
        )
    except WorkbenchError as error:
        state.pass_on(f"case-problem-{key}", f"{error.message} {error.hint}".strip())
        return
    added(key, addition, _shown(path))
    state.pass_on(f"case-problem-{key}", "")
    state.pass_on(f"case-typed-{key}", None)
    state.keep(_LAST, dataset)


def _shown(path: Path) -> str:
    return str(path.relative_to(settings.project()).as_posix())
