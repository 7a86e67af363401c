"""The team's own code as it is on disk now: dataflows, prompt versions, and every module of the project they import.

All modules that belong together are one generation, and an edit makes a new one; whoever holds modules of an old one
keeps all of it as it was. Python's own import can't do that: it has one module of a name at a time, and takes an edit
within the same second that keeps the file's size for none.
"""

import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from workbench import project, settings
from workbench.errors import DataflowError
from workbench.generations import Generation, edited_contract
from workbench.interception.openai_client import install, lenient_clients
from workbench.project_files import Closure, Source, closure, folders_above, folders_of

_KEPT = 128
_lock = threading.Lock()
_newest: dict[Hashable, Generation] = {}
_kept: OrderedDict[tuple[Hashable, str], Generation] = OrderedDict()


def load(names: Sequence[str]) -> list[ModuleType]:
    """The modules of these names; the very same ones until code of theirs changes, and again after an undo.

    Reads all files of theirs each time, and holds them against what was loaded: 0.4 ms for ten files.

    Raises:
        DataflowError: One can't be imported; the message has its file and line.
    """
    if settings.is_own_project():
        return _load(names, tuple(names), lambda: closure(names, folders_of(names)))
    return _load(names, tuple(names), lambda: closure(names, project.folders(), never=sys.stdlib_module_names))


def load_text(name: str, path: Path, text: str) -> ModuleType:
    """A text as the module of a file, whatever the file holds now; what it imports is as it is on disk.

    Args:
        name: A name that no other module has.
        path: The file it stands for.
        text: Python.

    Raises:
        DataflowError: As load.
    """
    start = Source(name, path, text)
    if settings.is_own_project():
        return _load([name], start, lambda: closure((), folders_above(path), [start]))[0]
    never = sys.stdlib_module_names
    return _load([name], start, lambda: closure((), project.folders(), [start], never))[0]


def digest(modules: Iterable[ModuleType]) -> str:
    """SHA-256 (hex) that changes exactly when code of these modules, or of the project's modules they import, does."""
    return sha256("".join(getattr(module, "__generation__", "") for module in modules).encode()).hexdigest()


def _load(names: Sequence[str], what: Hashable, read_code: Callable[[], Closure]) -> list[ModuleType]:
    own = settings.is_own_project()
    key = (what, tuple(sys.path) if own else project.folders())
    with _lock:
        generation = _newest.get(key)
        if generation is None or not generation.code.is_on_disk():
            code = read_code()
            if own and (edited := edited_contract(code)):
                message = f"{edited.shown} was edited, and the running workbench is built on what it was."
                raise DataflowError(message, "Start the workbench again.")
            new = Generation(code, apart=not own)
            generation = _kept.get((key, new.digest), new)
            _run(generation, names)
            generation.publish()
            _keep(key, generation)
        return [generation.module(name) for name in names]


def _run(generation: Generation, names: Iterable[str]) -> None:
    if not settings.is_own_project() and any(b"openai" in own.data for own in generation.code.sources.values()):
        install()  # before a client is made
    for name in names:
        try:
            with lenient_clients():
                generation.module(name)
        except (Exception, SystemExit) as error:
            hint = "Correct the file, then run again."
            if isinstance(error, ModuleNotFoundError):
                hint = f"Install what it needs: .venv/bin/pip install {(error.name or 'it').partition('.')[0]}."
            raise DataflowError(_told(error, name, generation.code), hint) from error


def _keep(key: Hashable, generation: Generation) -> None:
    _newest[key] = _kept[key, generation.digest] = generation
    _kept.move_to_end((key, generation.digest))
    while len(_kept) > _KEPT:
        (dropped, _), old = _kept.popitem(last=False)
        old.retire()
        if _newest.get(dropped) is old:
            del _newest[dropped]


def _told(error: BaseException, name: str, code: Closure) -> str:
    """The error as a sentence, with the last place in our code that it came through."""
    sources = {str(source.path): source for source in code.sources.values()}
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    what = str(error)
    if isinstance(error, SyntaxError):
        places.append((str(error.filename), error.lineno))
        what = error.msg
    ours = [(sources[file], line) for file, line in places if file in sources]
    shown, line = (ours[-1][0].shown, f" (line {ours[-1][1]})") if ours else (name, "")
    return f"{shown} can't be imported: {type(error).__name__}: {what}{line}."
