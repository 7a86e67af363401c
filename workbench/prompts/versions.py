"""Prompt versions: find prompts_vN.py, read it, load it."""

import hashlib
import re
from pathlib import Path
from types import ModuleType

from workbench import project_code
from workbench.errors import DataflowError, VersionError
from workbench.prompts.reader import module_doc, read_prompts
from workbench.records import Version

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

    The very same module as long as its text and the project's modules it imports are the same: variants of it share its
    function objects.

    Raises:
        VersionError: It can't be imported.
    """
    file = Path(version.path)
    place = hashlib.sha256(version.path.encode()).hexdigest()[:8]
    name = f"{file.parent.name}_{file.stem}_{place}_{version.sha256[:12]}"
    try:
        return project_code.load_text(name, file, version.source)
    except DataflowError as error:
        raise VersionError(error.message, error.hint) from error
