"""Prompt versions: find prompts_vN.py, read it, load it."""

import hashlib
import re
import sys
import threading
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from workbench.errors import VersionError
from workbench.prompts.reader import module_doc, read_prompts
from workbench.records import Version

_LOADING = threading.Lock()  # the cache alone would let two threads load a module twice
FILE_NAME = re.compile(r"prompts_v([1-9][0-9]*)\.py")


def folder_of(dataflow: str, root: Path) -> Path:
    """Where the versions of a dataflow are."""
    return root / "prompts" / dataflow


def versions_of(dataflow: str, root: Path) -> dict[str, Version]:
    """Label ("v1") -> version, by rising number; read anew from disk each time, files that don't parse included.

    Nothing is run: prompts are read from the source.
    """
    found = {}
    for path in folder_of(dataflow, root).glob("prompts_v*.py"):
        if match := FILE_NAME.fullmatch(path.name):
            found[int(match[1])] = path
    return {f"v{number}": read_version(dataflow, number, found[number]) for number in sorted(found)}


def read_version(dataflow: str, number: int, path: Path) -> Version:
    """One version from its file; without prompts when the file does not parse."""
    try:
        data = path.read_bytes()
        source = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VersionError(f"{path.name} can't be read: {error}.", "Save it as UTF-8.") from error
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        return Version(dataflow, number, str(path), module_doc(source), read_prompts(source), source, sha256)
    except VersionError as error:
        return Version(dataflow, number, str(path), error.message, {}, source, sha256)


def load_module(version: Version) -> ModuleType:
    """The version as a module, run from the text that was read, so that it can't differ from what is shown.

    Equal text at one path is loaded once: variants of it share the very same function objects.

    Raises:
        VersionError: It can't be imported.
    """
    with _LOADING:
        return _loaded(version.path, version.sha256, version.source)


@lru_cache(maxsize=256)
def _loaded(path: str, sha256: str, source: str) -> ModuleType:
    file = Path(path)
    place = hashlib.sha256(path.encode()).hexdigest()[:8]
    module = ModuleType(f"{file.parent.name}_{file.stem}_{place}_{sha256[:12]}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # Hamilton finds a function's module there
    try:
        exec(compile(source, path, "exec"), module.__dict__)  # noqa: S102 the team's own code, as an import would run it
    except Exception as error:
        raise VersionError(f"{file.name} can't be imported: {type(error).__name__}: {error}.") from error
    return module
