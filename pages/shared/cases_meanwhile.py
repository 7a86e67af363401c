"""When a dataset's file was changed while its table was being edited: load it anew, or see both and go on."""

import streamlit as st

from pages.shared import state
from pages.shared.cases_table import Edited, forget_edits, rebase_edits
from pages.shared.diff_panels import diff_panels
from workbench import settings
from workbench.datasets.editing import edited_text
from workbench.datasets.nouns import Dataset
from workbench.datasets.table_check import check_rows
from workbench.errors import WorkbenchError

_LONGEST_COMPARED = 300_000


def cases_meanwhile(dataset: Dataset, edited: Edited) -> None:
    """Say so and offer what can be done; nothing where the file is as it was.

    Args:
        dataset: As its file is now.
        edited: What the table holds.
    """
    if edited.base == dataset.file_sha256:
        return
    st.warning(
        "The file was changed by somebody else since this edit began, so it can't be saved as it is.",
        icon=":material/sync_problem:",
    )
    with st.container(horizontal=True, vertical_alignment="center", key="cases-meanwhile"):
        st.button(
            "Load it anew",
            icon=":material/refresh:",
            key="cases-anew",
            help="The edits of this table are dropped.",
            on_click=forget_edits,
            args=(dataset.path,),
        )
        both = st.toggle("See both", key="cases-both")
        if both:
            st.button(
                "Go on with these edits",
                icon=":material/merge:",
                key="cases-go-on",
                help="Saving then makes the file what the table says: what others added is among the removed.",
                on_click=rebase_edits,
                args=(dataset.path, dataset.file_sha256, edited.rows),
            )
    if both:
        _both(dataset, edited)


def _both(dataset: Dataset, edited: Edited) -> None:
    cases, _, problems = check_rows(edited.rows, dataset.path, settings.project(), settings.home())
    if problems:
        st.caption("Correct the rows below first: then both can be shown as files.")
        return
    try:
        now = dataset.path.read_bytes().decode("utf-8-sig")
        own = edited_text(now, cases, dataset.path.name)
    except (WorkbenchError, OSError, ValueError) as error:
        state.pass_on("cases-problem", str(error))
        return
    if max(len(now), len(own)) > _LONGEST_COMPARED:
        st.caption(f"The files have more than {_LONGEST_COMPARED:,} characters: too long to be shown side by side.")
        return
    diff_panels(("The file now", "As the table says"), now, own, False, key="cases-diff")
