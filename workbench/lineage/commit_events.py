"""What git tells: commits that touched a dataflow's prompts, and those that brought another version into production."""

from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from workbench import project
from workbench.errors import VersionError, WorkbenchError
from workbench.git.failures import GitError
from workbench.git.log import MOST_COMMITS, Commit, FileChange, contents, read_log
from workbench.git.repository import Repository
from workbench.lineage.events import Event, Kind, Told
from workbench.prompts.current import FILE as CURRENT
from workbench.prompts.current import current_number
from workbench.prompts.versions import FILE_NAME
from workbench.records import Version

_DONE = {"A": "added", "D": "deleted"}
_MOST_NAMED = 6
_SHALLOW = (
    "This clone does not have the whole history of the repository: run `git fetch --unshallow` to see what was before."
)


def commit_events(dataflow: str, versions: Mapping[str, Version], root: Path, until: float = 0.0) -> Told:
    """The newest 500 commits that touched its prompts folder, or the modules that hold prompts of its own.

    Where git is not installed, there is no repository or no commit, there are no events and a note says why.

    Args:
        dataflow: Its name.
        versions: Its versions.
        root: The project folder.
        until: Seconds since the epoch; later commits are left out. 0: none are.
    """
    try:
        repository = Repository.of(root)
        paths = _paths(dataflow, versions, repository.folder)
        log = read_log(repository, paths, until=until)
        currents = {change for own in log.commits for change in own.files if PurePosixPath(change.path).name == CURRENT}
        texts = contents(repository, [own for change in currents for own in (change.before, change.after)])
    except GitError as error:
        return Told(notes=(_why(error),))
    notes = [_SHALLOW] if log.is_shallow else []
    if log.is_cut:
        notes.append(f"Of git, the newest {MOST_COMMITS} commits are shown; an earlier last day shows those before.")
    events = [event for own in log.commits for event in _events(own, dataflow, texts)]
    return Told(tuple(events), tuple(notes))


def _why(error: WorkbenchError) -> str:
    return f"Commits are not shown: {error.message[:1].lower()}{error.message[1:]}"


def _paths(dataflow: str, versions: Mapping[str, Version], root: Path) -> list[str]:
    """What to look at, from the project folder; what is elsewhere is in another repository, if in any."""
    own_files = {Path(own.path) for own in versions.values() if own.origin in ("dataflow", "config") and own.path}
    found = set()
    for path in (project.versions_folder(dataflow), *own_files):
        resolved = path.resolve()
        if resolved != root and resolved.is_relative_to(root):
            found.add(resolved.relative_to(root).as_posix())
    return sorted(found)


def _events(commit: Commit, dataflow: str, texts: Mapping[str, bytes]) -> list[Event]:
    def event(kind: Kind, what: str) -> Event:
        return Event(commit.at, kind, dataflow, what, commit.author, commit.subject, commit.sha)

    if commit.is_edge:
        return [event("commit", "this clone begins here")]
    found = []
    others = []
    for change in commit.files:
        if PurePosixPath(change.path).name == CURRENT:
            found += [event("current", words) for words in _current(change, texts)]
        else:
            others.append(change)
    return [*found, event("commit", _named(others))] if others or not found else found


def _current(change: FileChange, texts: Mapping[str, bytes]) -> list[str]:
    """Nothing where the line stayed as it was."""
    before, after = _number(change.before, texts), _number(change.after, texts)
    return [] if before == after else [f"production {before or 'none'} → {after or 'none'}"]


def _number(content: str, texts: Mapping[str, bytes]) -> str:
    """Label of the version that is current by this content; empty where it names none."""
    try:
        number = current_number(texts.get(content, b"").decode("utf-8", "replace"))
    except (VersionError, RecursionError, MemoryError):
        return ""
    return f"v{number}" if number else ""


def _named(changes: Collection[FileChange]) -> str:
    """What was done to which versions: "v3 added · v1, v2 edited"."""
    done: dict[str, list[str]] = {}
    for change in changes:
        name = PurePosixPath(change.path).name
        match = FILE_NAME.fullmatch(name)
        done.setdefault(_DONE.get(change.status, "edited"), []).append(f"v{match[1]}" if match else name)
    return " · ".join(f"{_listed(names)} {words}" for words, names in done.items()) or f"{CURRENT} edited"


def _listed(names: Collection[str]) -> str:
    shown = list(names)[:_MOST_NAMED]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")
