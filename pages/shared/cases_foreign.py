"""promptfoo's tests as a table to read, and a way to keep a copy that can be edited."""

import streamlit as st

from pages.shared import markup, state
from workbench import settings
from workbench.datasets.copying import own_copy
from workbench.datasets.nouns import Dataset
from workbench.datasets.reading import FILE
from workbench.datasets.table import COLUMNS, rows_of
from workbench.errors import WorkbenchError


def foreign_cases(dataset: Dataset) -> str:
    """Show them; the name of a copy that was made of them just now, else nothing."""
    name = markup.plain_label(dataset.path.name, 80)
    st.info(
        f"{name} holds promptfoo's tests. They are read as they are and never written; keep a copy to edit them here.",
        icon=":material/lock:",
    )
    folder = dataset.path.parent
    with st.container(horizontal=True, vertical_alignment="bottom", key="cases-copy"):
        free = folder.name if not (folder / FILE).exists() else f"{folder.name}-{dataset.path.stem}"
        wanted = st.text_input("Name of the copy", free, key=f"cases-copy-name-{dataset.path.stem}", width=260)
        pressed = st.button("Keep a copy", icon=":material/content_copy:", key="cases-keep-copy", type="primary")
        st.caption("Comments of the file are not copied.", width="content")
    made = ""
    if pressed:
        try:
            copy = own_copy(dataset, wanted.strip(), settings.project(), settings.home())
            made = copy.path.parent.name
            state.pass_on("cases-said", f"{made}/{FILE} has {_counted(copy)}.")
        except WorkbenchError as error:
            st.error(markup.plain_label(f"{error.message} {error.hint}", 400), icon=":material/error:")
    st.dataframe(
        rows_of(dataset.cases),
        column_order=list(COLUMNS),
        hide_index=True,
        row_height=64,
        height=min(40 + 64 * (len(dataset.cases) + 1), 560),
        alt=f"Tests of {dataset.path.name}",
    )
    st.caption(f"{_counted(dataset)} · version `{dataset.sha256[:12]}`")
    return made


def _counted(dataset: Dataset) -> str:
    return f"{len(dataset.cases):,} case{'' if len(dataset.cases) == 1 else 's'}"
