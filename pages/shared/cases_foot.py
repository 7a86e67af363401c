"""Below the table of cases: what is wrong in it, what saving would change, and Save and Discard."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.shared import markup, state
from pages.shared.cases_table import Edited, forget_edits
from workbench import settings
from workbench.datasets.changes import changes_of
from workbench.datasets.comments import lost_comments
from workbench.datasets.editing import edited_text
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.datasets.places import refuse_outside
from workbench.datasets.reading import content_sha256
from workbench.datasets.table_check import RowProblem, check_rows
from workbench.datasets.writing import save_cases
from workbench.errors import WorkbenchError

_MOST_SHOWN = 20
_SHORT = 12


def cases_foot(dataset: Dataset, edited: Edited) -> None:
    """Show it.

    Args:
        dataset: As its file is now.
        edited: What the table holds.
    """
    cases, hashes, problems = check_rows(edited.rows, dataset.path, settings.project(), settings.home())
    _problems(edited, problems)
    changes = changes_of(dataset.cases, cases)
    fits = not problems and edited.base == dataset.file_sha256
    with st.container(horizontal=True, vertical_alignment="center", key="cases-foot"):
        wanted = st.button(
            "Save",
            type="primary",
            icon=":material/save:",
            key="cases-save",
            shortcut="Mod+S",
            disabled=not fits or not changes,
        )
        st.button(
            "Discard",
            icon=":material/undo:",
            key="cases-discard",
            disabled=not edited.is_edited,
            on_click=forget_edits,
            args=(dataset.path,),
        )
        st.caption(_standing(problems, changes.words), width="content")
        st.space("stretch")
        own = content_sha256(cases, hashes) if fits and changes else ""
        st.caption(_versions(dataset.sha256, own), width="content")
    if fits and changes:
        _comments(dataset, cases, own)
    if problem := state.passing("cases-problem"):
        st.error(markup.plain_label(problem, 400), icon=":material/error:")
        state.pass_on("cases-problem", "")
    if wanted:
        _save(dataset, edited, cases, changes.words)


def _standing(problems: Sequence[RowProblem], words: str) -> str:
    if problems:
        return f"{len(problems):,} row{' has' if len(problems) == 1 else 's have'} to be corrected before saving."
    return f"Not saved: {words}." if words else "Nothing to save."


def _versions(saved: str, edited: str) -> str:
    if not edited or edited == saved:
        return f"Version `{saved[:_SHORT]}`"
    return f"Saved version `{saved[:_SHORT]}` · with the edits `{edited[:_SHORT]}`"


def _problems(edited: Edited, problems: Sequence[RowProblem]) -> None:
    for own in problems[:_MOST_SHOWN]:
        name = str(edited.rows[own.row - 1].get("name") or "").strip()
        st.html(markup.failure_html(f"Row {own.row}{f', {name[:60]}' if name else ''}", f"{own.reason} {own.hint}"))
    if (more := len(problems) - _MOST_SHOWN) > 0:
        st.caption(f"And {more:,} more row{'' if more == 1 else 's'}.")


def _comments(dataset: Dataset, cases: Sequence[Case], edited: str) -> None:
    """Say which comments of the file saving would lose; they are looked for once for each edit."""
    known = state.passing("cases-comments", {})
    of = [dataset.file_sha256, edited]
    if known.get("of") != of:
        known = {"of": of, "lost": _lost(dataset.path, cases)}
        state.pass_on("cases-comments", known)
    if lost := known["lost"]:
        words = "1 comment of the file goes" if len(lost) == 1 else f"{len(lost):,} comments of the file go"
        told = markup.plain_label("; ".join(f"# {own}" for own in lost), 300)
        st.warning(f"{words} with this edit: {told}", icon=":material/comment:")


def _lost(path: Path, cases: Sequence[Case]) -> list[str]:
    try:
        old = path.read_bytes().decode("utf-8-sig")
        return lost_comments(old, edited_text(old, cases, path.name)) if "#" in old else []
    except (OSError, DatasetError):  # saving says why
        return []


def _save(dataset: Dataset, edited: Edited, cases: Sequence[Case], words: str) -> None:
    try:
        refuse_outside(dataset.path, settings.project())
        saved = save_cases(dataset.path, cases, settings.project(), settings.home(), file_sha256=edited.base)
    except WorkbenchError as error:
        state.pass_on("cases-problem", f"{error.message} {error.hint}")
        st.rerun()
    forget_edits(dataset.path)
    where = f"{dataset.path.parent.name}/{dataset.path.name}"
    state.pass_on("cases-said", f"{where} is saved as version {saved.sha256[:_SHORT]}: {words}.")
    st.rerun()
