"""Which files a module is made of: its own, and those of all modules of this project that it imports."""

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from workbench.import_statements import imports

_ROOT = Path(__file__).resolve().parent.parent
_OTHERS = sys.stdlib_module_names | {"workbench", "pages"}
"""What this project's code never leads to: Python's own modules, and the app, whose classes there has to be one of."""
_held: ContextVar[dict[Path, bytes | None] | None] = ContextVar("held", default=None)


@dataclass(frozen=True)
class Source:
    """The code of one module."""

    name: str
    path: Path
    code: bytes | str
    """A file's bytes, or a text that stands for them."""

    @property
    def data(self) -> bytes:
        """The code as bytes."""
        return self.code.encode("utf-8", "surrogatepass") if isinstance(self.code, str) else self.code

    @property
    def shown(self) -> str:
        """Its file, below the folder it is imported from: "dataflows/chunking.py"."""
        depth = self.name.count(".") + 1 + self.is_package
        return "/".join(self.path.parts[-depth:])

    @property
    def is_package(self) -> bool:
        """Whether other modules are below it."""
        return self.path.name == "__init__.py"


@dataclass(frozen=True)
class Closure:
    """All code that some modules can reach by import statements, function bodies included, as it was read."""

    sources: Mapping[str, Source]
    """Module name -> its code; only modules of this project."""
    read: Mapping[Path, bytes | None]
    """Every file that was looked at -> its bytes; None where there was none."""

    def is_on_disk(self) -> bool:
        """Whether all of it still stands there, byte for byte: times and sizes don't tell of every edit."""
        return all(read(path) == data for path, data in self.read.items())


@contextmanager
def one_state() -> Iterator[None]:
    """Inside, each file is read once, so that all code comes from one state of the disk."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def read(path: Path) -> bytes | None:
    """The bytes of a file; None when it can't be read."""
    held = _held.get()
    if held is not None and path in held:
        return held[path]
    data = None
    if os.access(path, os.F_OK):  # most are not there, and an error takes thrice as long
        with suppress(OSError), path.open("rb", buffering=0) as file:
            data = file.read()
    if held is not None:
        held[path] = data
    return data


def closure(
    wanted: Iterable[str],
    folders: Iterable[Path],
    start: Iterable[Source] = (),
    never: Collection[str] = _OTHERS,
) -> Closure:
    """The code of these modules and of all they import from the same folders.

    Installed packages are not in it: they don't change while the workbench runs. A module that is imported by a name
    made at run time is not found.

    Args:
        wanted: Dotted names.
        folders: Where imports start, in their order.
        start: Modules whose code is given.
        never: Top-level names that are not followed.
    """
    search = _Search(list(folders), never)
    for source in start:
        search.add(source)
    for name in wanted:
        search.look_up(name)
    return Closure(search.sources, search.read)


def folders_of(names: Iterable[str]) -> list[Path]:
    """The entries of sys.path that hold this checkout or a module of one of these names, but no installed packages."""
    paths = [Path(*name.split(".")) for name in names]
    files = [file for path in paths for file in (path / "__init__.py", path.with_name(f"{path.name}.py"))]
    return [own for own in _search_path() if own == _ROOT or any((own / file).is_file() for file in files)]


def folders_above(path: Path) -> list[Path]:
    """The entries of sys.path that hold this checkout or this file, but no installed packages."""
    return [folder for folder in _search_path() if folder == _ROOT or path.is_relative_to(folder)]


class _Search:
    """Follows import statements from file to file."""

    def __init__(self, folders: Sequence[Path], never: Collection[str]) -> None:
        self._folders, self._never = folders, never
        self._looked_up: set[str] = set()
        self.sources: dict[str, Source] = {}
        self.read: dict[Path, bytes | None] = {}

    def add(self, source: Source) -> None:
        self.sources[source.name] = source
        for name in imports(source.code, source.name, source.is_package):
            self.look_up(name)

    def look_up(self, name: str) -> None:
        if name in self._looked_up or name in self.sources or name.partition(".")[0] in self._never:
            return
        self._looked_up.add(name)
        package = name.rpartition(".")[0]
        if package:
            self.look_up(package)
        if package in self.sources and not self.sources[package].is_package:
            return  # a function or class of a plain module
        for folder in self._folders:
            base = folder.joinpath(*name.split("."))
            # A package before a plain module, as Python looks for them.
            for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
                self.read[path] = code = read(path)
                if code is not None:
                    self.add(Source(name, path, code))
                    return


def _search_path() -> list[Path]:
    folders = [Path(entry or ".").resolve() for entry in sys.path]
    return [own for own in dict.fromkeys(folders) if not {"site-packages", "dist-packages"} & set(own.parts)]
