"""Which version is in production: one line of code in prompts/<dataflow>/current.py, changed by pull request."""

import ast
import re
from pathlib import Path

from workbench.errors import VersionError
from workbench.syntax_tree import syntax_tree

FILE = "current.py"
_NAME = re.compile(r"prompts_v([1-9][0-9]*)")


def current_number(source: str) -> int | None:
    """N of the prompts_vN that the module imports as `prompts`; None when it does so in no plain line, or twice.

    Raises:
        VersionError: The source is no Python.
    """
    try:
        tree = syntax_tree(source)
    except (SyntaxError, ValueError) as error:
        raise VersionError(f"{FILE} is not Python: {error}", "Correct it, or roll back to a version.") from error
    found = [
        int(match[1])
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == "prompts" and (match := _NAME.fullmatch(alias.name))
    ]
    return found[0] if len(found) == 1 else None


def current_of(folder: Path) -> int | None:
    """The current version's number of a dataflow's prompts folder; None when the team has not named one."""
    path = folder / FILE
    return current_number(path.read_text("utf-8")) if path.is_file() else None


def with_current(source: str, number: int) -> str:
    """The module with another version in its one line; a new module when the source is empty.

    Raises:
        VersionError: The source has no such line.
    """
    if not source.strip():
        return (
            f'"""The prompts that production uses; `python -m workbench rollback vN` changes the line."""\n\n'
            f"from . import prompts_v{number} as prompts\n\n"
            f'__all__ = ["prompts"]\n'
        )
    before = current_number(source)
    if before is None:
        message = f"{FILE} has no line `from . import prompts_vN as prompts`"
        raise VersionError(message, "Write that line, then try again.")
    return re.sub(rf"\bprompts_v{before}(?=\s+as\s+prompts\b)", f"prompts_v{number}", source, count=1)
