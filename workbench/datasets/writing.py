"""A dataset's file written whole: never half of it, and never over what somebody else wrote meanwhile."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from workbench.datasets.documents import document_hashes
from workbench.datasets.editing import edited_text
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.datasets.reading import open_dataset

_MODE = 0o644
"""A dataset is a file of the project like any other: for everyone to read."""


def save_cases(path: Path, cases: Sequence[Case], root: Path, home: Path, *, file_sha256: str) -> Dataset:
    """Write the cases into the file and read it again.

    Args:
        path: The file; it may be a new one.
        cases: All of them, in their order.
        root: The project.
        home: The state folder.
        file_sha256: Of the file's bytes as they were read; empty: there was no file.

    Raises:
        DatasetError: The file is another one by now, holds promptfoo's tests, or the cases or their documents are not
            as they have to be. Nothing is written then.
    """
    old = _bytes(path)
    if (hashlib.sha256(old).hexdigest() if old is not None else "") != file_sha256:
        raise DatasetError(path.name, 0, "it was changed by somebody else meanwhile", "Open it again, then edit it.")
    if old is not None and not open_dataset(path, root, home).is_ours:
        hint = f"Save the cases as {path.parent.name}/cases.yaml."
        raise DatasetError(path.name, 0, "it holds promptfoo's tests, which are read and never written", hint)
    text = edited_text((old or b"").decode("utf-8-sig"), cases, path.name)
    document_hashes(path, cases, root, home)
    write_file(path, text.encode("utf-8"))
    return open_dataset(path, root, home)


def write_file(path: Path, content: bytes) -> None:
    """All of it or nothing, with the rights that the file had.

    Raises:
        DatasetError: The disk takes no more, or the folder can't be written to.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else _MODE
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        raise DatasetError(path.name, 0, f"it can't be written ({error.strerror})", "Make room or rights.") from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DatasetError(path.name, 0, f"it can't be read ({error.strerror})", "Look at its rights.") from error
