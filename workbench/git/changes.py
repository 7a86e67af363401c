"""What a checkout changed since a commit."""

from collections.abc import Sequence
from pathlib import Path

from workbench.git.commands import run_git
from workbench.git.private_index import private_index
from workbench.git.trees import text_of


def changed_paths(folder: Path, start: str, below: Sequence[str]) -> list[str]:
    """Paths whose files are not as in a commit, by name: changed, staged, deleted, or new and not ignored.

    Args:
        folder: The paths are relative to it, and only what is below it counts.
        start: The id of the commit.
        below: Folders to look at; "" is folder itself.
    """
    places = [place or "." for place in below]
    index = Path(folder, text_of(run_git(folder, "rev-parse", "--git-path", "index").removesuffix(b"\n")))
    options = ("--name-only", "-z", "--relative", "--no-renames", "--ignore-submodules=dirty")
    with private_index(index) as ours:
        # `diff` looks into the files, other than plumbing; for that it refreshes an index, which has to be a copy.
        differing = run_git(folder, "diff", *options, start, "--", *places, environment=ours)
    new = run_git(folder, "ls-files", "-z", "--others", "--exclude-standard", "--", *places)
    return sorted({text_of(name) for name in (differing + new).split(b"\0") if name})
