"""A command of this package as a line for a POSIX shell."""

import shlex
from collections.abc import Sequence
from pathlib import Path


def shell_line(words: Sequence[str], root: Path, *, is_own: bool) -> str:
    """`python -m workbench` with these words.

    Args:
        words: Of the command, as they are to reach it.
        root: The project.
        is_own: Whether the project is the workbench's own checkout, in which the command is called.
    """
    prefix = "" if is_own else f"WORKBENCH_PROJECT={shlex.quote(str(root))} "
    return prefix + shlex.join(["python", "-m", "workbench", *words])
