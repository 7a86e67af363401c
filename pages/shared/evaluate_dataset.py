"""The dataset on the Evaluate page: which one, opened again whenever its file or one of its documents is another."""

import threading
from pathlib import Path

import streamlit as st

from pages.shared import cached, markup, state
from workbench import settings
from workbench.datasets.documents import KEPT
from workbench.datasets.listing import dataset_files
from workbench.datasets.nouns import Dataset
from workbench.datasets.reading import FILE, FOLDER, open_dataset
from workbench.errors import WorkbenchError

Stamp = tuple[tuple[str, int, int], ...]


class OpenDatasets:
    """Datasets that were opened: one of a thousand cases takes a second. Safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Path, tuple[Stamp, Dataset]] = {}

    def open(self, path: Path) -> Dataset:
        """The dataset as it is now.

        Raises:
            DatasetError: As open_dataset.
        """
        with self._lock:
            if path in self._known:
                stamp, dataset = self._known[path]
                if stamp == _stamp(path, dataset):
                    return dataset
            dataset = open_dataset(path, settings.project(), settings.home())
            self._known[path] = _stamp(path, dataset), dataset
            return dataset


def _stamp(path: Path, dataset: Dataset) -> Stamp:
    """Changes when the file or a document it names was written."""
    named = [path.parent / own for own in dataset.documents if not own.startswith(KEPT)]
    return tuple(_of(own) for own in [path, *named])


def _of(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size


def dataset_choice() -> Path | None:
    """Ask for one of the project's datasets; None where there is none, and the page says how to make one."""
    files = {file.relative_to(settings.project()).as_posix(): file for file in dataset_files(settings.project())}
    if not files:
        _none()
        return None
    kept = state.kept("evaluate-dataset")
    own = f"{FOLDER}/{state.dataflow_name()}/{FILE}"
    chosen = next(name for name in (kept, own, *files) if name in files)
    state.show("evaluate-dataset", chosen)
    name = st.selectbox(
        "Dataset",
        list(files),
        format_func=lambda name: name.removeprefix(f"{FOLDER}/").removesuffix(f"/{FILE}"),
        key="evaluate-dataset",
        on_change=state.keep_widget,
        args=("evaluate-dataset", "evaluate-dataset"),
    )
    return files[name]


def choose_dataset(path: Path) -> None:
    """Show the cases of a dataset that was just made."""
    state.keep("evaluate-half", "Cases")
    state.keep("evaluate-dataset", path.relative_to(settings.project()).as_posix())


def opened(path: Path) -> Dataset | None:
    """The dataset; None where it can't be opened, which the table of its cases explains."""
    try:
        return cached.open_datasets().open(path)
    except WorkbenchError:
        return None


def results_or_cases() -> str:
    """Ask for what stands below: "Results" or "Cases"."""
    state.show("evaluate-half", state.kept("evaluate-half", "Results"))
    half = st.segmented_control(
        "Show",
        ("Results", "Cases"),
        required=True,
        key="evaluate-half",
        label_visibility="collapsed",
        on_change=state.keep_widget,
        args=("evaluate-half", "evaluate-half"),
    )
    return str(half)


def _none() -> None:
    folder = f"{FOLDER}/{state.dataflow_name()}"
    st.html(markup.empty_html(f"This project has no dataset yet. Its file is {folder}/{FILE}.", keys=()))
    st.code(
        "cases:\n"
        "  - name: what it is about\n"
        "    document: report.pdf          # beside this file\n"
        "    assert:\n"
        "      - type: icontains\n"
        "        value: a word that has to be in the answer\n",
        language="yaml",
    )
    st.caption("Or run a document on the Workbench and choose “Add as a case” beneath a good answer.")
    st.page_link("pages/compare.py", label="Workbench", icon=":material/compare:")
