"""Files that come into being whole or not at all, and never over another one."""

import os
from pathlib import Path


def create(path: Path, content: bytes) -> None:
    """Write a new file.

    Raises:
        FileExistsError: There is something at the path, if only a dangling link.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
    except OSError:
        path.unlink()
        raise


def give_name(waiting: Path, target: Path) -> None:
    """Let a finished file appear at target in one step; where that can't be done, copy it there.

    Raises:
        FileExistsError: There is something at target.
    """
    try:
        os.link(waiting, target)
    except FileExistsError:
        raise
    except OSError:
        # Another disk, or a file system without links.
        create(target, waiting.read_bytes())
