"""What happened to a few paths of a repository: its commits that touched them, and files as they were then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.git.commands import run_git
from workbench.git.repository import Repository
from workbench.git.trees import text_of

MOST_COMMITS = 500
_MOST_FILES = 200
_LAST_SECOND = 253_402_214_400
"""In the year 9999; a commit can claim any time."""
_MOST_BYTES = 100_000
"""Of a file whose content is read."""
_NO_FILE = "0"
# A reader's own settings may neither change the form nor run a program of theirs (log.showSignature does).
_OPTIONS = (
    *("--raw", "-z", "--no-abbrev", "--no-renames", "--diff-merges=combined", "--root", "--no-ext-diff"),
    *("--no-textconv", "--no-color", "--no-decorate", "--no-notes", "--no-show-signature", "--no-mailmap"),
    *("--encoding=UTF-8", "--ignore-submodules=all", "--format=tformat:%H%n%ct%n%P%n%an%n%s"),
)


@dataclass(frozen=True)
class FileChange:
    """What a commit did to one file."""

    path: str
    """From the project folder."""
    status: str
    """Git's letter: "A" added, "M" changed, "D" deleted, "T" another kind of file."""
    before: str
    """Id of the content it had; empty where it was not there."""
    after: str


@dataclass(frozen=True)
class Commit:
    """One commit that touched the paths; author and subject are whatever people wrote."""

    sha: str
    at: float
    """When it was committed, in seconds since the epoch."""
    author: str
    subject: str
    files: tuple[FileChange, ...]
    """At least one and at most 200; of a merge, those that are as on none of the branches it merged."""
    is_edge: bool = False
    """A shallow clone begins here: its files are left out, since what it did to them isn't known."""


@dataclass(frozen=True)
class Log:
    """Commits, the newest first."""

    commits: tuple[Commit, ...] = ()
    is_cut: bool = False
    """There are older ones."""
    is_shallow: bool = False
    """The clone doesn't have the whole history."""


def read_log(repository: Repository, paths: Sequence[str], most: int = MOST_COMMITS, until: float = 0.0) -> Log:
    """The newest commits, from the one that is checked out, that touched a file of these paths.

    Args:
        repository: The project's.
        paths: Files and folders, from the project folder; they need not be there any more. "" is the folder itself.
        most: Commits to read.
        until: Seconds since the epoch; later commits are left out. 0: none are.

    Raises:
        GitError: There is no commit yet, or git fails.
    """
    if not paths:
        return Log()
    head = repository.resolve("HEAD")
    is_shallow = run_git(repository.root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    places = [f"{repository.prefix}{path}" or "." for path in paths]
    limits = [f"--max-count={most + 1}", *([f"--until={int(until)} +0000"] if until else [])]
    told = run_git(repository.root, "log", *_OPTIONS, *limits, "--end-of-options", head, "--", *places)
    commits = list(_commits(told, repository.prefix, is_shallow))
    kept = [own for own in commits[:most] if own.files or own.is_edge]  # most merges decide nothing themselves
    return Log(tuple(kept), len(commits) > most, is_shallow)


def contents(repository: Repository, ids: Sequence[str]) -> dict[str, bytes]:
    """Id -> content of the files that have at most 100,000 bytes; ids that name no file are left out.

    Args:
        repository: The project's.
        ids: As FileChange gives them; empty ones are left out.

    Raises:
        GitError: git fails.
    """
    wanted = sorted({own for own in ids if own})
    if not wanted:
        return {}
    asked = "".join(f"{own}\n" for own in wanted).encode("ascii")
    lines = [line.split() for line in run_git(repository.root, "cat-file", "--batch-check", given=asked).splitlines()]
    small = [own[0] for own in lines if len(own) == 3 and own[1] == b"blob" and int(own[2]) <= _MOST_BYTES]
    batch = run_git(repository.root, "cat-file", "--batch", given=b"".join(own + b"\n" for own in small))
    found, at = {}, 0
    for own in small:
        start = batch.index(b"\n", at) + 1
        size = int(batch[at : start - 1].split()[2])
        found[own.decode("ascii")] = batch[start : start + size]
        at = start + size + 1
    return found


def _commits(told: bytes, prefix: str, is_shallow: bool) -> Iterator[Commit]:
    """Of `git log --raw -z`: a head of five lines, then a line that begins with a colon and a path for each file."""
    head: list[str] = []
    files: list[FileChange] = []
    parts = iter(told.split(b"\0"))
    for own in parts:
        part = own.removeprefix(b"\n")
        if part.startswith(b":"):
            files += _change(part, text_of(next(parts, b"")), prefix)
        elif part.strip():
            if head:
                yield _commit(head, files, is_shallow)
            head, files = part.decode("utf-8", "replace").split("\n", 4), []
    if head:
        yield _commit(head, files, is_shallow)


def _commit(head: Sequence[str], files: Sequence[FileChange], is_shallow: bool) -> Commit:
    sha, at, parents, author, subject = [*head, "", "", "", ""][:5]
    seconds = min(max(int(at), 0), _LAST_SECOND) if at.isdecimal() else 0
    is_edge = is_shallow and not parents
    return Commit(sha, float(seconds), author, subject, () if is_edge else tuple(files[:_MOST_FILES]), is_edge)


def _change(line: bytes, path: str, prefix: str) -> list[FileChange]:
    """Nothing for a file outside of the project folder."""
    if not path.startswith(prefix):
        return []
    # Of a merge, each parent has a colon, a mode, an id and a letter of its own.
    parents = len(line) - len(line.lstrip(b":"))
    words = line.decode("ascii").split()
    before, after = words[parents + 1], words[2 * parents + 1]
    return [FileChange(path.removeprefix(prefix), words[-1][:1], _id(before), _id(after))]


def _id(told: str) -> str:
    return "" if not told.strip(_NO_FILE) else told
