"""What the project's code was when something ran: commit, what differs from it, and the packages that ran it."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.git.commands import run_git
from workbench.git.repository import Repository

_PACKAGES = ("apache-hamilton", "openai", "streamlit", "pypdf", "pypdfium2", "toktok-rs", "pandas", "xllamacpp")
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class CodeState:
    """Which code ran."""

    git_sha: str = ""
    """Empty outside of git."""
    git_branch: str = ""
    git_dirty: bool = False
    diff: str = ""
    """Of what is tracked, against the commit; cut after 1,000,000 bytes."""
    dataflow_sha256: str = ""
    """Of the dataflow's modules and of the project's modules they import."""
    packages: Mapping[str, str] = field(default_factory=dict)
    """Name -> version."""


def code_state(root: Path, dataflow_sha256: str = "") -> CodeState:
    """The state of a project's folder now; takes a few calls of git."""
    state = CodeState(dataflow_sha256=dataflow_sha256, packages=_packages())
    try:
        repository = Repository.of(root)
        head, is_dirty = repository.head(), repository.is_dirty()
        diff = (
            run_git(repository.root, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD")
            if is_dirty
            else b""
        )
    except WorkbenchError:
        return state
    shown = diff[:_MOST_BYTES].decode("utf-8", "replace")
    return CodeState(head.sha, head.branch or "", is_dirty, shown, dataflow_sha256, state.packages)


@cache
def _packages() -> Mapping[str, str]:
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
