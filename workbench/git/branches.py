"""New branches for exports: which numbers are taken, and one commit on a branch of its own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbench.git.commands import ask_git, run_git
from workbench.git.commits import identity_of, patch_of, write_commit
from workbench.git.failures import GitError
from workbench.git.paths import refuse_unsafe_path
from workbench.git.repository import Repository
from workbench.git.trees import names_in_trees, text_of

_FILE_NAME = re.compile(r"prompts_v([1-9][0-9]{0,8})\.py")
_MOST_TRIES = 50


@dataclass(frozen=True)
class Shipped:
    """A commit that was made, and the branch that leads to it."""

    branch: str
    commit: str
    base: str
    """The id of the commit it was made on top of."""
    paths: tuple[str, ...]
    """From the project folder."""
    patch: bytes
    """The same as a mail, for `git am`; its paths are from the repository's root."""
    identity: str
    """Who made it: "Name <address>"."""


def numbers_taken(repository: Repository, folder: str, branch_prefix: str) -> set[int]:
    """Every N that is in use somewhere: in the checkout, in its last commit, on any branch, or by a branch's name.

    Args:
        repository: The project's.
        folder: Where the files prompts_vN.py are, from the project folder.
        branch_prefix: Branches of this name with N behind it count too.
    """
    refuse_unsafe_path(folder)
    refs = text_of(
        run_git(repository.root, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/remotes")
    )
    tips = {line.partition(" ")[0] for line in refs.split("\n") if line} | {"HEAD"}
    wanted = "".join(f"{tip}:{repository.prefix}{folder}\n" for tip in sorted(tips))
    trees = run_git(repository.root, "cat-file", "--batch", given=wanted.encode("utf-8", "surrogateescape"))
    place = repository.folder / folder
    names = [*names_in_trees(trees), *(path.name for path in place.glob("prompts_v*.py"))]
    of_files = {int(match[1]) for name in names if (match := _FILE_NAME.fullmatch(name))}
    branch = re.compile(rf"^\S+ refs/(?:heads|remotes/.+)/{re.escape(branch_prefix)}([1-9][0-9]{{0,8}})$", re.M)
    return of_files | {int(number) for number in branch.findall(refs)}


def commit_files(
    repository: Repository, branch: str, files: Mapping[str, bytes], message: str, base: str = "HEAD"
) -> Shipped:
    """Make one commit of exactly these files on a new branch; the checkout, its index and HEAD stay as they are.

    Args:
        repository: The project's.
        branch: Must not exist; that it comes into being is the lock that keeps two exports apart.
        files: Path from the project folder -> content, which is kept byte for byte.
        message: Subject, an empty line, body.
        base: The revision to build on.

    Raises:
        GitError: The branch is taken, nothing would change, a path is unsafe, or git fails; no branch is made then.
    """
    root = repository.root
    ref = f"refs/heads/{branch}"
    # "--branch" would allow no leading "-", but also expand "@{-1}".
    if branch.startswith("-") or branch == "HEAD" or ask_git(root, "check-ref-format", ref) is None:
        raise GitError("git", f"{branch!a} can't be a branch's name", "Use letters, digits, /, - and _.")
    # Saves the work; what decides is update-ref below.
    if ask_git(root, "rev-parse", "--verify", "--quiet", ref) is not None:
        raise GitError("taken", branch)
    for path in files:
        refuse_unsafe_path(path)
    start = repository.resolve(base)
    identity = identity_of(root)
    commit = write_commit(root, start, {repository.prefix + path: files[path] for path in files}, message)
    # Before the branch: whatever fails up to here leaves nothing that could be seen.
    patch = patch_of(root, commit)
    run_git(root, "update-ref", "--no-deref", "-m", "workbench: export", ref, commit, "0" * len(commit))
    return Shipped(branch, commit, start, tuple(files), patch, identity)


def patch_files(repository: Repository, files: Mapping[str, bytes], message: str, base: str = "HEAD") -> bytes:
    """The commit that commit_files would make, as a mail for `git am`; no branch is made.

    Raises:
        GitError: As for commit_files.
    """
    start = repository.resolve(base)
    identity_of(repository.root)
    commit = write_commit(repository.root, start, {repository.prefix + path: files[path] for path in files}, message)
    return patch_of(repository.root, commit)


def commit_next(
    repository: Repository,
    folder: str,
    branch_prefix: str,
    make: Callable[[int], Mapping[str, bytes]],
    message: Callable[[int], str],
) -> tuple[int, Shipped]:
    """Make the commit under the next free number; when somebody else takes that meanwhile, under the one after.

    Args:
        repository: The project's.
        folder: As for numbers_taken.
        branch_prefix: The branch's name is this with the number behind it.
        make: The files of a number.
        message: The commit message of a number.

    Raises:
        GitError: As for commit_files; or others were faster 50 times.
    """
    number = 0
    for _ in range(_MOST_TRIES):
        number = max(number, *numbers_taken(repository, folder, branch_prefix), 0) + 1
        try:
            return number, commit_files(repository, f"{branch_prefix}{number}", make(number), message(number))
        except GitError as error:
            if error.kind != "taken":
                raise
    raise GitError("taken", f"{branch_prefix}{number}", f"{_MOST_TRIES} numbers were taken by others; try again later.")
