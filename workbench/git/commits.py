"""A commit of a few files on top of another one, and its patch, made beside the checkout."""

import re
from collections.abc import Mapping
from pathlib import Path

from workbench.git.commands import run_git
from workbench.git.failures import GitError
from workbench.git.private_index import private_index
from workbench.git.trees import text_of

# What `git am` takes for a message's end, a header, or the next mail (Source: git's mailinfo.c and mailsplit.c).
_MAIL = re.compile(r"^(?=---|diff -|index: |>?from |(?:from|subject|date):)", re.I | re.M)
# A reader's settings for mails may not change a patch that others are to apply.
_PATCH_OPTIONS = (
    *("--stdout", "--binary", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--no-signature", "--no-attach", "--no-cover-letter", "--no-thread"),
    *("--no-base", "--no-notes", "--no-signoff", "--no-add-header", "--no-numbered"),
    *("--subject-prefix=PATCH", "--encoding=UTF-8", "--unified=3"),
)


def write_commit(root: Path, base: str, files: Mapping[str, bytes], message: str) -> str:
    """The id of a new commit that no branch leads to yet.

    Args:
        root: Top of the checkout.
        base: The id of its parent.
        files: Safe paths from root -> content, which is kept byte for byte; a file that is there keeps its mode.
        message: Lines that `git am` would take for something else are indented by a blank.

    Raises:
        GitError: Nothing would change, a path is that of a link, or git fails.
    """
    with private_index() as ours:
        run_git(root, "read-tree", base, environment=ours)
        modes = _modes(run_git(root, "ls-files", "-z", "--stage", "--", *files, environment=ours)) if files else {}
        added = []
        for path, content in files.items():
            mode = modes.get(path, "100644")
            if not mode.startswith("100"):
                raise GitError("git", f"{path} is a link, not a file", "Remove the link, or choose another name.")
            blob = run_git(root, "hash-object", "-w", "--stdin", "--no-filters", given=content).decode("ascii").strip()
            added += ["--cacheinfo", f"{mode},{blob},{path}"]
        run_git(root, "update-index", "--add", *added, environment=ours)
        tree = run_git(root, "write-tree", environment=ours).decode("ascii").strip()
    if tree == run_git(root, "rev-parse", f"{base}^{{tree}}").decode("ascii").strip():
        raise GitError("no change", base[:12])
    words = _plain_message(message).encode("utf-8", "replace")
    return run_git(root, "commit-tree", tree, "-p", base, "-F", "-", given=words).decode("ascii").strip()


def patch_of(root: Path, commit: str) -> bytes:
    """The commit as a mail for `git am`, which gives the same bytes as long as the files have no carriage returns."""
    return run_git(root, "format-patch", "-1", *_PATCH_OPTIONS, commit)


def identity_of(root: Path) -> str:
    """Who makes commits here: "Name <address>".

    Raises:
        GitError: git was not told.
    """
    return text_of(run_git(root, "var", "GIT_AUTHOR_IDENT")).strip().rsplit(" ", 2)[0]


def _modes(listing: bytes) -> dict[str, str]:
    """Path -> mode, of `git ls-files -z --stage`."""
    lines = [line.partition(b"\t") for line in listing.split(b"\0") if line]
    return {text_of(path): about.split()[0].decode("ascii") for about, _, path in lines}


def _plain_message(message: str) -> str:
    lines = message.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return f"{_MAIL.sub(' ', lines)}\n"
