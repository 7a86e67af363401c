"""Another version made the current one again: one line of code, on a branch, after the gate has passed."""

from dataclasses import dataclass
from pathlib import Path

from workbench.errors import VersionError
from workbench.gate.findings import GateReport
from workbench.gate.gate import gate
from workbench.git.branches import Shipped, commit_files
from workbench.git.failures import GitError
from workbench.git.repository import Repository
from workbench.prompts.current import FILE, current_of, with_current
from workbench.prompts.versions import folder_of, versions_of

_MOST_BRANCHES = 50


@dataclass(frozen=True)
class RolledBack:
    """A branch that makes a version the current one."""

    shipped: Shipped
    before: int | None
    """The current version's number until now; None when none was named."""
    report: GateReport


def roll_back(root: Path, dataflow: str, label: str) -> RolledBack:
    """A branch with a one-line change of prompts/<dataflow>/current.py; the checkout stays as it is.

    Args:
        root: The project.
        dataflow: Whose prompts.
        label: Of the version that becomes the current one, "v3".

    Raises:
        VersionError: There is no such version, it is the current one, or the gate found an error in it.
        GitError: There is no repository, or git fails.
    """
    versions = versions_of(dataflow, root)
    if label not in versions:
        raise VersionError(f"There is no version {label!a} of {dataflow}.", f"Use one of: {', '.join(versions)}.")
    folder = folder_of(dataflow, root)
    number, before = versions[label].number, current_of(folder)
    if number == before:
        raise VersionError(f"{label} is the current version already.", "Choose another one.")
    report = gate(root, [Path(versions[label].path)])
    if report.errors:
        first = next(finding for finding in report.findings if finding.level == "error")
        raise VersionError(f"{label} does not pass the gate: {first.message}", first.hint)
    path = f"{folder.relative_to(root).as_posix()}/{FILE}"
    source = (folder / FILE).read_text("utf-8") if (folder / FILE).is_file() else ""
    change = {path: with_current(source, number).encode("utf-8")}
    was = f"v{before}" if before else "none was named"
    message = f"Make {label} the current prompts of {dataflow}\n\nBefore: {was}. The gate passed with 0 calls."
    return RolledBack(
        _ship(Repository.of(root), f"prompts/{dataflow}-current-{label}", change, message), before, report
    )


def _ship(repository: Repository, branch: str, files: dict[str, bytes], message: str) -> Shipped:
    """On the branch of this name, or with a number behind it when somebody rolled back to the version before."""
    for number in range(1, _MOST_BRANCHES + 1):
        try:
            return commit_files(repository, branch if number == 1 else f"{branch}-{number}", files, message)
        except GitError as error:
            if error.kind != "taken":
                raise
    raise GitError("taken", branch, f"Delete old branches whose names begin with {branch}.")
