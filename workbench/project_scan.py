"""The modules of a repository whose functions Hamilton could make nodes of; nothing is imported."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.project_nodes import Nodes, nodes_in

MOST_FILES = 2_000
_MOST_BYTES = 1_000_000
_VERSION = re.compile(r"prompts_v[0-9]+\.py")
_SKIPPED = {"node_modules", "site-packages", "build", "dist", "tests", "test", "docs", "venv", "env", "examples"}


@dataclass(frozen=True)
class FoundModule:
    """A module with public functions whose parameters and value have types."""

    name: str
    """Dotted, from the folder that imports start from."""
    path: Path
    nodes: Nodes
    has_prompt: bool
    """Whether a node or parameter is a prompt by its name or tag."""

    @property
    def is_chain(self) -> bool:
        """Whether one of its nodes needs another one."""
        return any(need in self.nodes for needs in self.nodes.values() for need in needs)

    @property
    def missing(self) -> dict[str, str]:
        """What its nodes need and it doesn't have -> the annotation: inputs, or nodes of other modules."""
        return missing(self.nodes)


@dataclass(frozen=True)
class Unreadable:
    """A Python file that doesn't parse."""

    path: Path
    line: int
    reason: str


@dataclass(frozen=True)
class Scan:
    """What a repository holds."""

    modules: tuple[FoundModule, ...] = ()
    """By path."""
    versions: tuple[Path, ...] = ()
    """Folders with a prompts_vN.py."""
    unreadable: tuple[Unreadable, ...] = ()
    is_cut: bool = False
    """There are more files than were looked at."""


_kept: dict[Path, tuple[bytes, tuple[Nodes, bool] | Unreadable]] = {}


def scan(root: Path, folders: Sequence[Path], about: bytes = b"") -> Scan:
    """The modules of a repository; 2,000 files of at most 1 MB are looked at, those of tests and environments are not.

    Args:
        root: Where to look.
        folders: Where imports start, in their order.
        about: Only folders with a file that holds this are looked at closely; the first look at a file takes long.
    """
    modules: list[FoundModule] = []
    versions: list[Path] = []
    unreadable: list[Unreadable] = []
    count = 0
    for paths in _python_files(root):
        named = {path: name for path in paths[: MOST_FILES - count] if (name := dotted(path, folders))}
        count += len(paths)
        versions += [paths[0].parent] if any(_VERSION.fullmatch(path.name) for path in paths) else []
        sources = {path: data for path in named if (data := _source(path)) is not None}
        is_about = any(about in data for data in sources.values())
        for path, data in sources.items() if is_about else ():
            match _read(path, data):
                case Unreadable() as found:
                    unreadable.append(found)
                case (nodes, has_prompt) if nodes:
                    modules.append(FoundModule(named[path], path, nodes, has_prompt))
        if count > MOST_FILES:
            break
    return Scan(tuple(modules), tuple(versions), tuple(unreadable), count > MOST_FILES)


def missing(nodes: Nodes) -> dict[str, str]:
    """What nodes need and is none of them -> the annotation."""
    return {name: kind for needs in nodes.values() for name, kind in needs.items() if name not in nodes}


def dotted(path: Path, folders: Sequence[Path]) -> str:
    """The name a file is imported by; empty when it can't be."""
    for folder in folders:
        if path.is_relative_to(folder):
            parts = path.relative_to(folder).with_suffix("").parts
            names = parts[:-1] if parts[-1] == "__init__" else parts
            return ".".join(names) if names and all(own.isidentifier() for own in names) else ""
    return ""


def _python_files(root: Path) -> Iterator[list[Path]]:
    """The files of one folder after the other."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(own for own in names if own not in _SKIPPED and not own.startswith((".", "_")))
        if "pyvenv.cfg" in files:  # an environment, whatever it is called
            names.clear()
        elif found := [Path(folder, file) for file in sorted(files) if file.endswith(".py")]:
            yield found


def _source(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= _MOST_BYTES else None
    except OSError:
        return None


def _read(path: Path, data: bytes) -> tuple[Nodes, bool] | Unreadable:
    """Its nodes, and whether a prompt is among them; parsed again when it was edited."""
    digest = hashlib.sha256(data).digest()
    kept = _kept.get(path)
    if kept is None or kept[0] != digest:
        if len(_kept) > 2 * MOST_FILES:
            _kept.clear()
        _kept[path] = kept = (digest, _nodes_or_reason(path, data))
    return kept[1]


def _nodes_or_reason(path: Path, data: bytes) -> tuple[Nodes, bool] | Unreadable:
    try:
        return nodes_in(data)
    except SyntaxError as error:
        return Unreadable(path, error.lineno or 0, error.msg)
    except (ValueError, RecursionError, MemoryError):
        return Unreadable(path, 0, "it holds a NUL character, or is nested too deeply")
