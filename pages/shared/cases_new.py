"""A new dataset, and documents brought to lie beside one."""

from pathlib import Path

import streamlit as st

from pages.shared import markup, state
from workbench import settings
from workbench.datasets.failures import DatasetError
from workbench.datasets.places import dataset_file, refuse_outside
from workbench.datasets.placing import place_document
from workbench.datasets.reading import FILE
from workbench.datasets.writing import save_cases
from workbench.documents.kinds import form_of
from workbench.errors import WorkbenchError


def new_dataset() -> Path | None:
    """A button with the field for a name; the file when it was made just now."""
    with st.popover("New dataset", icon=":material/add:", key="cases-new"):
        name = st.text_input("Name", key="cases-new-name", placeholder="letters, digits, - and _").strip()
        if not st.button("Make it", type="primary", key="cases-make", disabled=not name):
            return None
        root = settings.project()
        try:
            path = dataset_file(root, name)
            if path.exists():
                raise DatasetError(f"{name}/{FILE}", 0, "it is there already", "Take another name.")
            save_cases(path, [], root, settings.home(), file_sha256="")
        except WorkbenchError as error:
            st.error(markup.plain_label(f"{error.message} {error.hint}", 300), icon=":material/error:")
            return None
        state.pass_on("cases-said", f"{path.relative_to(root).as_posix()} is made.")
        return path


def bring_documents(folder: Path) -> None:
    """A button with a place to drop files, which are put into the folder at once; never over another file.

    Args:
        folder: Of the dataset.
    """
    turn = int(state.passing("cases-upload", 0))
    with st.popover("Add documents", icon=":material/upload_file:", key="cases-documents"):
        files = st.file_uploader("PDF, text, JSON or CSV", accept_multiple_files=True, key=f"cases-upload-{turn}")
        st.caption("They are put beside the dataset and can then be chosen in the table.")
        if not files:
            return
        said = []
        for file in files:
            try:
                refuse_outside(folder / FILE, settings.project())
                form_of(file.getvalue(), file.name)
                name, is_new = place_document(folder, file.name, file.getvalue())
                said.append(f"{name} is {'put there' if is_new else 'there already'}.")
            except WorkbenchError as error:
                said.append(f"{error.message} {error.hint}")
        state.pass_on("cases-said", " ".join(said))
        state.pass_on("cases-upload", turn + 1)  # an uploader under a new key is empty again
        st.rerun()
