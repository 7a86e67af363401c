"""The git repository that a project folder is in: what it holds, read without changing a byte of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from workbench.git.changes import changed_paths
from workbench.git.commands import ask_git, run_git
from workbench.git.failures import GitError
from workbench.git.remotes import without_secrets
from workbench.git.trees import Entry, entries, text_of

_MOST_BYTES_READ = 16_000_000
_DEFAULT_BRANCHES = ("main", "master")


@dataclass(frozen=True)
class Head:
    """What is checked out."""

    sha: str
    branch: str | None
    """None: a commit is checked out, not a branch."""


@dataclass(frozen=True)
class Repository:
    """A project folder and the repository around it; all paths given and returned are relative to the folder."""

    folder: Path
    root: Path
    """The top of the checkout: the folder itself, or above it."""
    prefix: str
    """The folder from the root: "" or "packages/app/"."""

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The repository that a folder is in.

        Raises:
            GitError: It is in none, or git can't be used.
        """
        folder = folder.resolve()
        top, prefix = (run_git(folder, "rev-parse", option) for option in ("--show-toplevel", "--show-prefix"))
        return cls(folder, Path(text_of(top.removesuffix(b"\n"))), text_of(prefix.removesuffix(b"\n")))

    def head(self) -> Head:
        """The commit and branch that are checked out.

        Raises:
            GitError: There is no commit yet.
        """
        return Head(self.resolve("HEAD"), self._branch_at("HEAD", "refs/heads/"))

    def is_dirty(self) -> bool:
        """Whether anything in the checkout is not as in the last commit: changed, staged, or new and not ignored."""
        options = ("--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules=dirty")
        return bool(run_git(self.root, "status", *options))

    def resolve(self, revision: str) -> str:
        """The id of the commit that a revision names.

        Args:
            revision: A branch, a tag, an id, or what else git understands; it may come from a person.

        Raises:
            GitError: It names no commit here.
        """
        about = f"{revision!a} names no commit of this repository"
        # git would take these for an option, and for "all but".
        if not revision or revision.startswith(("-", "^")):
            raise GitError("no revision", about)
        try:
            options = ("--verify", "--quiet", "--end-of-options")
            found = ask_git(self.root, "rev-parse", *options, f"{revision}^{{commit}}")
        except GitError as error:
            if error.kind != "git":
                raise
            raise GitError("no revision", about) from error
        if found is None:
            raise GitError("empty repository", str(self.root)) if revision == "HEAD" else GitError("no revision", about)
        return found.decode("ascii").strip()

    def read(self, revision: str, path: str) -> bytes | None:
        """The bytes of a file as they were committed; None when there is no file of this path.

        Raises:
            GitError: The revision is unknown, or the file has more than 16 MB.
        """
        for entry in self._entries(self.resolve(revision), self.prefix + path):
            if entry.path == self.prefix + path and entry.is_file:
                if entry.size > _MOST_BYTES_READ:
                    about = f"{path} of {revision} has {entry.size:,} bytes; at most {_MOST_BYTES_READ:,} are read"
                    raise GitError("git", about, "Choose a smaller file.")
                return run_git(self.root, "cat-file", "blob", entry.object_id)
        return None

    def files(self, revision: str, folder: str) -> list[str]:
        """Paths of all files below a folder, by name; empty when there is no such folder.

        Args:
            revision: As for resolve.
            folder: "" is the project folder.
        """
        below = f"{self.prefix}{folder.strip('/')}/".removeprefix("/") if folder else self.prefix
        found = self._entries(self.resolve(revision), below, "-r")
        return [
            entry.path.removeprefix(self.prefix) for entry in found if entry.is_file and entry.path.startswith(below)
        ]

    def changed(self, base: str, folders: Sequence[str]) -> list[str]:
        """Paths below the folders that this checkout changed since it left a base: committed or not, new ones included.

        Args:
            base: A revision; what counts is the last commit that it and HEAD have in common.
            folders: "" is the project folder.

        Raises:
            GitError: The base is unknown, or has no commit in common with HEAD.
        """
        common = ask_git(self.root, "merge-base", self.resolve(base), self.resolve("HEAD"))
        if common is None:
            about = f"{base!a} and HEAD have no commit in common"
            raise GitError("no revision", about, "Fetch the whole history: `git fetch --unshallow`.")
        return changed_paths(self.folder, common.decode("ascii").split()[0], folders)

    def remote_url(self) -> str | None:
        """The address of the remote, without passwords: of origin, else of the only one; None when there is none."""
        name = self._remote()
        if name is None:
            return None
        return without_secrets(text_of(run_git(self.root, "remote", "get-url", "--", name)).strip())

    def default_branch(self) -> str:
        """Where branches go: the remote's choice, else main or master, else what is checked out, else main."""
        remote = self._remote() or "origin"
        if chosen := self._branch_at(f"refs/remotes/{remote}/HEAD", f"refs/remotes/{remote}/"):
            return chosen
        for branch in _DEFAULT_BRANCHES:
            for ref in (f"refs/heads/{branch}", f"refs/remotes/{remote}/{branch}"):
                if ask_git(self.root, "rev-parse", "--verify", "--quiet", ref) is not None:
                    return branch
        return self._branch_at("HEAD", "refs/heads/") or _DEFAULT_BRANCHES[0]

    def _remote(self) -> str | None:
        names = text_of(run_git(self.root, "remote")).split("\n")[:-1]
        return "origin" if "origin" in names else names[0] if len(names) == 1 else None

    def _branch_at(self, ref: str, kept_in: str) -> str | None:
        target = text_of(ask_git(self.root, "symbolic-ref", "--quiet", ref) or b"").removesuffix("\n")
        return target.removeprefix(kept_in) if target.startswith(kept_in) else None

    def _entries(self, sha: str, path: str, *options: str) -> list[Entry]:
        below = (path,) if path else ()
        return entries(run_git(self.root, "ls-tree", "-z", "--long", "--full-tree", *options, sha, "--", *below))
