"""promptfoo's tests kept as a dataset of our own, which can be edited."""

import os
from dataclasses import replace
from pathlib import Path

from workbench.datasets.documents import KEPT, path_of
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.datasets.places import dataset_file
from workbench.datasets.writing import save_cases


def own_copy(dataset: Dataset, name: str, root: Path, home: Path) -> Dataset:
    """Write the cases as cases.yaml; documents stay where they are and are named from there.

    Args:
        dataset: As it was read.
        name: Of the copy: that of its folder, or another one.
        root: The project.
        home: The state folder.

    Raises:
        DatasetError: There is such a dataset already, or it can't be written.
    """
    path = dataset_file(root, name)
    if path.exists():
        raise DatasetError(f"{name}/{path.name}", 0, "it is there already", "Take another name for the copy.")
    cases = [_moved(dataset.path, case, path.parent, root) for case in dataset.cases]
    return save_cases(path, cases, root, home, file_sha256="")


def _moved(file: Path, case: Case, folder: Path, root: Path) -> Case:
    if not case.document or case.document.startswith(KEPT) or folder == file.parent:
        return case
    named = os.path.relpath(path_of(file, case, root), os.path.realpath(folder))
    return replace(case, document=Path(named).as_posix())
