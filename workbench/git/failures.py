"""Every way git fails here, as one error: a kind, a plain sentence, and a way out."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from workbench.errors import WorkbenchError

Kind = Literal[
    "no git",
    "no repository",
    "no identity",
    "read-only",
    "empty repository",
    "no change",
    "taken",
    "unsafe owner",
    "timeout",
    "no revision",
    "git",
]

_DOWNLOAD = "downloading the file works without it"
_WORDS: Mapping[Kind, tuple[str, str]] = {
    "no git": ("git can't be started: {about}.", f"Install git and start the workbench again; {_DOWNLOAD}."),
    "no repository": ("{about} is in no git repository.", f"Start the workbench in a clone; {_DOWNLOAD}."),
    "no identity": (
        "git knows no name and e-mail address for the commit.",
        "Set both with `git config user.name` and `git config user.email`; downloading the file works without them.",
    ),
    "read-only": (
        "git can't write to the repository in {about}.",
        "Let the workbench's user write there, or download the file and commit it elsewhere.",
    ),
    "empty repository": (
        "The branch that is checked out in {about} has no commit yet.",
        f"Make the first commit, then export again; {_DOWNLOAD}.",
    ),
    "no change": ("{about} has exactly these files already.", "Change a prompt, then export again."),
    "taken": ("The branch {about} exists already.", "Export again; the next number is taken then."),
    "unsafe owner": (
        "{about} belongs to another user, so git does not use it.",
        f"If you trust it, add it to git's safe.directory, and try again; {_DOWNLOAD}.",
    ),
    "timeout": ("git {about}.", f"Try again when the machine is less busy; {_DOWNLOAD}."),
    "no revision": ("{about}.", "Name a branch, a tag or a commit that is here."),
    "git": ("{about}.", "Mend what git names, or download the file instead."),
}
_WRITING = {"hash-object", "read-tree", "update-index", "write-tree", "commit-tree", "update-ref"}
_MOST_CHARS = 300

_NO_REPOSITORY = ("not a git repository", "must be run in a work tree", "cannot change to")
_NO_IDENTITY = (
    "tell me who you are",
    "auto-detect",
    "auto-detection is disabled",
    "empty ident name",
    "consists only of disallowed characters",
)
_READ_ONLY = (
    "read-only file system",
    "permission denied",
    "insufficient permission",
    "operation not permitted",
    "unable to create temporary",
    "unable to write",
)
_TAKEN = re.compile(
    r"cannot lock ref '(?:refs/heads/)?([^']*)': (?:reference already exists|Unable to create .*exists)"
)
_IN_THE_WAY = re.compile(r"'refs/heads/([^']*)' exists; cannot create 'refs/heads/([^']*)'")
_CLASH = re.compile(r"error: '([^\n]*)' appears as both a file and as a directory")
_OWNED = re.compile(r"dubious ownership in repository at '([^'\n]*)'")


class GitError(WorkbenchError):
    """git, or the repository, can't do what was asked.

    Args:
        kind: What a caller can tell apart; each has its own sentence.
        about: The thing the sentence is about; with "git" all of it, but for the full stop.
        hint: Another way out than the usual one of this kind.
    """

    def __init__(self, kind: Kind, about: str = "", hint: str = "") -> None:
        sentence, usual_hint = _WORDS[kind]
        super().__init__(sentence.replace("{about}", shown(about)), shown(hint) or usual_hint)
        self.kind: Kind = kind


def shown(text: str) -> str:
    """A text of git's or a person's, fit for a message: one line, bounded, without passwords in addresses."""
    line = " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")
    plain = re.sub(r"://[^/@\s]{1,200}@", "://", "".join(char if char.isprintable() else "?" for char in line))
    return plain if len(plain) <= _MOST_CHARS else f"{plain[: _MOST_CHARS - 1]}…"


def failure_of(command: str, words: str, folder: Path) -> GitError:
    """The error that git's words mean.

    Args:
        command: Which of git's commands failed.
        words: What it wrote to its standard error, in English.
        folder: Where it ran.
    """
    words = words[:10_000]
    low = words.lower()
    if owned := _OWNED.search(words):
        command_line = f"git config --global --add safe.directory {shlex.quote(owned[1])}"
        return GitError("unsafe owner", owned[1], f"If you trust it, run `{command_line}`; {_DOWNLOAD}.")
    if any(part in low for part in _NO_REPOSITORY):
        return GitError("no repository", str(folder))
    if any(part in low for part in _NO_IDENTITY):
        return GitError("no identity")
    if command in _WRITING and any(part in low for part in _READ_ONLY):
        return GitError("read-only", str(folder))
    if taken := _TAKEN.search(words):
        return GitError("taken", taken[1])
    if way := _IN_THE_WAY.search(words):
        return _in_the_way(way[1], way[2])
    if clash := _CLASH.search(words):
        about = f"{clash[1]} can't be added, as a file stands where a folder has to be, or the other way round"
        return GitError("git", about, "Choose another name, or remove what is in the way.")
    return GitError("git", f"git {command} failed: {words.strip().rstrip('.') or 'it gave no reason'}")


def _in_the_way(other: str, branch: str) -> GitError:
    """Git can't have a branch a beside a branch a/b."""
    if other.startswith(f"{branch}/"):
        return GitError("taken", branch)
    about = f"The branch {branch} can't be made, as there is a branch {other}"
    return GitError("git", about, f"Rename the branch {other}, then export again.")
