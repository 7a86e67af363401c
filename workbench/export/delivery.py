"""Ways out of the workbench for a proved export: a branch, a patch, or the file in the checkout."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import ExportError
from workbench.export.module_file import next_number
from workbench.export.new_file import create, give_name
from workbench.export.offer import offer
from workbench.export.request import ExportRequest, Offer
from workbench.git.branches import Shipped, commit_files, commit_next, numbers_taken, patch_files
from workbench.git.failures import GitError
from workbench.git.remotes import compare_url, pull_request_command
from workbench.git.repository import Repository


@dataclass(frozen=True)
class Delivered:
    """An export that is on a branch."""

    offer: Offer
    shipped: Shipped
    body_file: Path
    """The pull request's text, in the state folder."""
    command: str
    """The line for a shell that opens the pull request, once the branch is pushed."""
    push_command: str
    url: str | None
    """Where a pull request is opened in a browser, once the branch is pushed; None when the remote is not known."""


def free_number(request: ExportRequest) -> int:
    """The next number that neither the checkout nor any branch uses; of the folder alone where git can't tell."""
    try:
        repository = Repository.of(request.root)
        taken = numbers_taken(repository, _folder(request), branch_prefix(request.dataflow))
    except GitError:
        taken = set()
    return max(next_number(request.folder), max(taken, default=0) + 1)


def branch_prefix(dataflow: str) -> str:
    """What the branches of a dataflow's exports begin with."""
    return f"prompts/{dataflow}-v"


def deliver_branch(request: ExportRequest, proved: Offer | None = None) -> Delivered:
    """The export as one commit on a new branch. Nothing is pushed, and the checkout stays as it is.

    Args:
        request: What is exported.
        proved: An offer of this request; used as long as its number is free.

    Raises:
        ExportError: It can't be written, or gives something else than what was run.
        GitError: There is no repository, no identity, nothing to commit on; or git fails.
    """
    repository = Repository.of(request.root)
    repository.head()  # an empty repository is told before the proof takes its seconds
    made: dict[int, Offer] = {}

    def make(number: int) -> dict[str, bytes]:
        made[number] = proved if proved and proved.number == number else offer(request, number)
        return dict(made[number].files)

    number, shipped = commit_next(
        repository, _folder(request), branch_prefix(request.dataflow), make, lambda number: _message(made[number])
    )
    return _delivered(request, repository, made[number], shipped)


def deliver_config_branch(request: ExportRequest, made: Offer) -> Delivered:
    """Variants in an existing module as one commit on a new branch; the checkout stays as it is.

    Raises:
        GitError: As for deliver_branch, or the branch exists: somebody exported this number meanwhile.
    """
    repository = Repository.of(request.root)
    branch = f"prompts/{request.dataflow}-config-v{made.number}"
    return _delivered(request, repository, made, commit_files(repository, branch, made.files, _message(made)))


def overwrite(request: ExportRequest, made: Offer) -> Path:
    """Put an existing module's new text in its place, whole or not at all.

    Raises:
        ExportError: It can't be written.
    """
    target = request.root / made.path
    waiting = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        waiting.write_bytes(made.files[made.path])
        waiting.replace(target)
    except OSError as error:
        raise ExportError(f"{target.name} can't be written: {error.strerror}", "Make a patch instead.") from error
    return target


def patch_of_offer(request: ExportRequest, made: Offer) -> bytes:
    """The same commit as a mail that `git am` takes; no branch is made.

    Raises:
        GitError: As for deliver_branch.
    """
    return patch_files(Repository.of(request.root), made.files, _message(made))


def write_offer(request: ExportRequest, made: Offer) -> list[Path]:
    """Put the files into the checkout, beside what is there; never over another file.

    Raises:
        ExportError: One exists already, or its folder is outside of the project.
    """
    targets = {request.root / path: content for path, content in made.files.items()}
    for target in targets:
        if os.path.lexists(target):
            raise ExportError(f"{target.name} exists already", "Export again: the next free number is taken.")
        if not target.resolve().is_relative_to(request.root.resolve()):
            raise ExportError(f"{target.name!a} would be outside of the project", "Remove the link in its folder.")
    work = request.home / "work"
    work.mkdir(parents=True, exist_ok=True)
    for target, content in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work) as folder:
            waiting = Path(folder, target.name)
            create(waiting, content)
            try:
                give_name(waiting, target)
            except FileExistsError as error:
                raise ExportError(f"{target.name} exists already", "Export again: the number is taken.") from error
            except OSError as error:
                message = f"{target.name} can't be written: {error.strerror}"
                raise ExportError(message, "Download the file instead.") from error
    return list(targets)


def _delivered(request: ExportRequest, repository: Repository, made: Offer, shipped: Shipped) -> Delivered:
    folder = request.home / "pull_requests"
    folder.mkdir(parents=True, exist_ok=True)
    body = folder / f"{shipped.branch.replace('/', '-')}.md"
    body.write_text(made.text, encoding="utf-8", errors="replace")
    base, remote = repository.default_branch(), repository.remote_url()
    return Delivered(
        made,
        shipped,
        body,
        pull_request_command(shipped.branch, base, made.title, str(body)),
        f"git push -u origin {shipped.branch}",
        compare_url(remote, base, shipped.branch) if remote else None,
    )


def _folder(request: ExportRequest) -> str:
    return request.folder.relative_to(request.root).as_posix()


def _message(made: Offer) -> str:
    lines = [made.title, "", "Proof, made in a fresh process before this commit:"]
    for line in made.proof:
        lines.append(f"- {line.claim}{': ' + line.detail if line.detail else ''}{'' if line.ok else ' (not shown)'}")
    return "\n".join(lines)
