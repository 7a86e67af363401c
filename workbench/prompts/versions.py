"""Prompt versions: find prompts_vN.py, read it, load it."""

import hashlib
import re
from collections.abc import Collection
from pathlib import Path
from types import ModuleType

from workbench import project_code
from workbench.errors import DataflowError, VersionError
from workbench.prompts.reader import function_names, module_doc, read_prompts
from workbench.records import Version

FILE_NAME = re.compile(r"prompts_v([1-9][0-9]*)\.py")


def folder_of(dataflow: str, root: Path) -> Path:
    """Where the versions of a dataflow are."""
    return root / "prompts" / dataflow


def versions_of(dataflow: str, root: Path) -> dict[str, Version]:
    """The versions of a dataflow in a project that has them where this one has, see versions_in."""
    return versions_in(dataflow, folder_of(dataflow, root))


def versions_in(dataflow: str, folder: Path, also: Collection[str] = ()) -> dict[str, Version]:
    """Label ("v1") -> version, by rising number; read anew from disk each time, files that don't parse included.

    Nothing is run: prompts are read from the source.

    Args:
        dataflow: Its name.
        folder: Where its versions are.
        also: Functions that are prompts though their name doesn't end in "_prompt".
    """
    found = {}
    for path in folder.glob("prompts_v*.py"):
        if match := FILE_NAME.fullmatch(path.name):
            found[int(match[1])] = path
    return {f"v{number}": read_version(dataflow, number, found[number], also) for number in sorted(found)}


def read_version(dataflow: str, number: int, path: Path, also: Collection[str] = ()) -> Version:
    """One version from its file, see versions_in; without prompts when the file does not parse."""
    try:
        data = path.read_bytes()
        source = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VersionError(f"{path.name} can't be read: {error}.", "Save it as UTF-8.") from error
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        names = [name for name in function_names(source) if name.endswith("_prompt") or name in also]
        return Version(dataflow, number, str(path), module_doc(source), read_prompts(source, names), source, sha256)
    except VersionError as error:
        return Version(dataflow, number, str(path), error.message, {}, source, sha256)


def load_module(version: Version) -> ModuleType | None:
    """The version as a module, run from the text that was read, so that it can't differ from what is shown.

    The very same module as long as its text and the project's modules it imports are the same: variants of it share its
    function objects. None where the dataflow's own modules hold it.

    Raises:
        VersionError: It can't be imported.
    """
    if version.origin in ("dataflow", "config"):
        return None
    if version.origin == "store":
        from workbench.prompts.stored import loader_of  # Hamilton, which reading versions needs not

        return loader_of(version)
    file = Path(version.path)
    place = hashlib.sha256(version.path.encode()).hexdigest()[:8]
    name = f"{file.parent.name}_{file.stem}_{place}_{version.sha256[:12]}"
    try:
        return project_code.load_text(name, file, version.source)
    except DataflowError as error:
        raise VersionError(error.message, error.hint) from error
