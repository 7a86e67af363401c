"""Where a project's own datasets are: datasets/<name>/cases.yaml, and nowhere else."""

import os
import re
from pathlib import Path

from workbench.datasets.failures import DatasetError
from workbench.datasets.reading import FILE, FOLDER

LONGEST_NAME = 60
_NAME = re.compile(r"[^\W_](?:[\w.-]*\w)?")


def dataset_file(root: Path, name: str) -> Path:
    """The file of a dataset that is called so, whether it is there or not.

    Args:
        root: The project.
        name: Letters, digits, "-", "_" and "." inside; at most LONGEST_NAME characters.

    Raises:
        DatasetError: The name is none, or its folder leads out of datasets/.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        reason = f"{name[:80]!a} is no name for a dataset; letters, digits, - and _ make one, {LONGEST_NAME} at most"
        raise DatasetError(FOLDER, 0, reason, "Take another name.")
    path = root / FOLDER / name / FILE
    refuse_outside(path, root)
    return path


def refuse_outside(path: Path, root: Path) -> None:
    """DatasetError where a file doesn't lie in a folder of the project's datasets/, links followed."""
    place, base = Path(os.path.realpath(path.parent)), Path(os.path.realpath(root)) / FOLDER
    if place.parent != base or path.is_symlink():
        reason = f"it lies outside of {FOLDER}/<name>/, and nothing is written there"
        raise DatasetError(path.name, 0, reason, f"Put the dataset into a folder of {FOLDER}/.")
