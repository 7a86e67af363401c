"""Which prompt modules are looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.errors import UsageError
from workbench.prompts.versions import FILE_NAME

FOLDER = "prompts"


@dataclass(frozen=True)
class Selection:
    """The modules that were asked for, and where they stand."""

    dataflows: tuple[str, ...]
    """Names of the folders that hold them."""
    files: tuple[str, ...]
    """Relative to the project, with slashes; by dataflow and number."""
    asked: tuple[str, ...]
    """The folders and files that were named, relative to the project."""

    def covers(self, path: str) -> bool:
        """Whether a path of the project, there or not, was asked for."""
        parents = {path, *map(str, PurePosixPath(path).parents)}
        return not parents.isdisjoint(self.asked)


def select(root: Path, paths: Sequence[Path]) -> Selection:
    """The modules that these paths mean; those of all dataflows when there is none.

    Args:
        root: The project.
        paths: prompts/, folders of it or files in them; absolute, or relative to the project.

    Raises:
        UsageError: A path is none of these.
    """
    asked = [_inside(root, path) for path in paths] or [FOLDER]
    files = sorted({file for path in asked for file in _files(root, path)}, key=_order)
    dataflows = tuple(dict.fromkeys(PurePosixPath(file).parent.name for file in files))
    return Selection(dataflows, tuple(files), tuple(asked))


def number_of(path: str) -> int:
    """N of a prompts_vN.py; 0 of any other file."""
    match = FILE_NAME.fullmatch(PurePosixPath(path).name)
    return int(match[1]) if match else 0


def _order(file: str) -> tuple[str, int]:
    return str(PurePosixPath(file).parent), number_of(file)


def _inside(root: Path, path: Path) -> str:
    base = root.resolve()
    place = (base / path).resolve()
    hint = "Name prompts/, prompts/<dataflow> or a prompts_vN.py."
    if not place.is_relative_to(base / FOLDER) or len(place.relative_to(base).parts) > 3:
        raise UsageError(f"{str(path)[:200]!a} is nothing in prompts/ of this project.", hint)
    if not place.exists():
        raise UsageError(f"{str(path)[:200]!a} does not exist.", hint)
    relative = place.relative_to(base).as_posix()
    if place.is_file() and not number_of(relative):
        raise UsageError(f"{str(path)[:200]!a} is no version of a prompt.", hint)
    return relative


def _files(root: Path, path: str) -> Iterator[str]:
    place = root / path
    if place.is_file():
        yield path
        return
    folders = [own for own in place.iterdir() if own.is_dir()] if path == FOLDER else [place]
    for folder in folders:
        for file in folder.glob("prompts_v*.py"):
            if FILE_NAME.fullmatch(file.name):
                yield file.relative_to(root).as_posix()
