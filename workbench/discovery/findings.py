"""What a repository holds that could be a dataflow, best guesses first; nothing of it is imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dataflows import Dataflow
from workbench.project_convention import dataflow_of, dataflows_among
from workbench.project_scan import MOST_FILES, FoundModule, Scan, scan

_MOST_TOLD = 5


@dataclass(frozen=True)
class Findings:
    """What was found."""

    proposals: Mapping[str, Dataflow]
    """Name -> what looks like a whole dataflow."""
    modules: tuple[str, ...]
    """Dotted names of all modules that could be part of one: first those with a chain and a prompt."""
    prompt_folders: tuple[str, ...]
    """Folders with prompts_vN.py, relative to the project."""
    problems: tuple[str, ...]
    """A sentence each on what could not be read."""


def look(root: Path, folders: Sequence[Path]) -> Findings:
    """Read the whole repository; a large one takes seconds the first time.

    Args:
        root: The project.
        folders: Where imports start, in their order.
    """
    found = scan(root, folders)
    return Findings(
        proposals=dataflows_among(root, found.modules),
        modules=tuple(own.name for own in sorted(found.modules, key=_rank)),
        prompt_folders=tuple(folder.relative_to(root).as_posix() for folder in found.versions),
        problems=tuple(_problems(root, found)),
    )


def guess_of(root: Path, folders: Sequence[Path], name: str, modules: Sequence[str]) -> Dataflow:
    """A dataflow of modules that somebody chose, with the document and the prompts that look like its own."""
    known = {own.name: own for own in scan(root, folders).modules}
    chosen = [known[own] for own in modules if own in known]
    return dataflow_of(root, name, chosen) if chosen else Dataflow(modules=tuple(modules))


def _rank(module: FoundModule) -> tuple[bool, bool, str]:
    return (not (module.has_prompt and module.is_chain), not module.is_chain, module.name)


def _problems(root: Path, found: Scan) -> list[str]:
    told = []
    for own in found.unreadable:
        line = f" (line {own.line})" if own.line else ""
        told.append(f"{own.path.relative_to(root).as_posix()} can't be read: {own.reason}{line}.")
    if len(told) > _MOST_TOLD:
        told[_MOST_TOLD:] = [f"{len(told) - _MOST_TOLD:,} more files can't be read."]
    if found.is_cut:
        told.append(f"Only the first {MOST_FILES:,} Python files were looked at.")
    return told
