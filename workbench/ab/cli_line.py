"""The command that gives the figures of the A/B test page."""

import shlex
from pathlib import Path


def show_line(name: str, root: Path, *, is_own: bool) -> str:
    """For a POSIX shell, with DATABASE_URL set as where the page was made.

    Args:
        name: Of the test.
        root: The project.
        is_own: Whether the project is the workbench's own checkout, in which the command is called.
    """
    prefix = "" if is_own else f"WORKBENCH_PROJECT={shlex.quote(str(root))} "
    return prefix + shlex.join(["python", "-m", "workbench", "ab", "show", name])
