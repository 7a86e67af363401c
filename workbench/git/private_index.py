"""An index of our own, so that the repository's is neither changed nor waited for."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workbench.git.failures import GitError


@contextmanager
def private_index(original: Path | None = None) -> Iterator[Mapping[str, str]]:
    """Variables that make git use another index, as long as this lasts.

    Args:
        original: An index to begin with a copy of; without one, or when there is no such file, it begins empty.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="workbench-git-")
    except OSError as error:
        raise GitError("git", f"There is no room for temporary files ({error.strerror})") from error
    with folder as name:
        path = Path(name, "index")
        _copy(original, path)
        yield {"GIT_INDEX_FILE": str(path)}


def _copy(original: Path | None, path: Path) -> None:
    if original is None:
        return
    try:
        # With its times: git takes a file that changed after the index was written for possibly changed.
        shutil.copy2(original, path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise GitError("git", f"The index {original} can't be read ({error.strerror})") from error
