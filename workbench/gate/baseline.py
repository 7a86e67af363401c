"""The project as it is at a revision, to hold a checkout against."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.cases.record import record_path
from workbench.errors import VersionError
from workbench.gate.findings import Finding
from workbench.gate.module import PromptModule
from workbench.gate.selection import FOLDER, Selection, number_of
from workbench.git.repository import Repository
from workbench.prompts.current import FILE, current_number
from workbench.prompts.provenance import PROVENANCE, prompts_sha256, read_model
from workbench.prompts.reader import read_prompts
from workbench.syntax_tree import syntax_tree

FOLDERS = (FOLDER, "dataflows", "datasets")
"""Where a change can change what a prompt leads to."""


@dataclass(frozen=True)
class Baseline:
    """A revision, and what the checkout changed since."""

    repository: Repository
    revision: str
    changed: frozenset[str]
    """Paths in FOLDERS, relative to the project."""

    @classmethod
    def of(cls, root: Path, revision: str) -> "Baseline":
        """The baseline of a checkout.

        Raises:
            GitError: There is no such revision, or no repository.
        """
        repository = Repository.of(root)
        changed = repository.changed(revision, FOLDERS)
        ours = frozenset(path for path in changed if "__pycache__" not in PurePosixPath(path).parts)
        return cls(repository, revision, ours)

    def read(self, path: str) -> bytes | None:
        """A file as it is there; None when it isn't."""
        return self.repository.read(self.revision, path)

    def current(self, dataflow: str) -> int:
        """The number of the version in production there: current.py's, else the highest; 0 when there is none."""
        content = self.read(f"{FOLDER}/{dataflow}/{FILE}")
        with suppress(VersionError, UnicodeDecodeError):
            if content and (number := current_number(content.decode("utf-8"))):
                return number
        files = self.repository.files(self.revision, f"{FOLDER}/{dataflow}")
        return max((number_of(file) for file in files if len(PurePosixPath(file).parts) == 3), default=0)


def immutable_findings(root: Path, baseline: Baseline, selection: Selection) -> Iterator[Finding]:
    """Versions of the baseline that the checkout changed or deleted."""
    for path in sorted(baseline.changed):
        if not (number_of(path) and selection.covers(path)):
            continue
        before = baseline.read(path)
        if before is None:
            continue
        name, rev = PurePosixPath(path).name, baseline.revision
        if not (root / path).is_file():
            message = f"{name} is merged at {rev}, and this checkout deletes it"
            yield Finding("immutable", "error", path, 1, message, "Restore it; services may still use it.")
            continue
        after = (root / path).read_bytes()
        if after == before:
            continue
        if _asks_the_same(before, after):
            message = f"{name} is merged at {rev}, and its layout or docstrings differ; what it asks is the same"
            yield Finding("immutable", "warning", path, 1, message, "Undo the edit unless it is meant.")
        else:
            message = f"{name} is merged at {rev}, and this checkout changes what it asks"
            yield Finding("immutable", "error", path, 1, message, "Undo the edit, and add it as the next version.")


def held_against(baseline: Baseline, modules: Sequence[PromptModule]) -> dict[str, tuple[str, bytes]]:
    """Path of a module -> (label, record) of the version at the baseline that its cases are held against.

    A new version is held against the one in production; a version that was there before against itself, as soon as it
    or its record was changed. A new version without a record is held against nothing.
    """
    found = {}
    for module in modules:
        own = record_path(module.dataflow, f"v{module.number}")
        number = baseline.current(module.dataflow)
        if baseline.read(module.path) is not None:
            if baseline.changed.isdisjoint((module.path, own)):
                continue
            number = module.number if baseline.read(own) is not None else number
        elif not (baseline.repository.folder / own).is_file():
            continue
        record = baseline.read(record_path(module.dataflow, f"v{number}"))
        if record is not None:
            found[module.path] = (f"v{number}", record)
    return found


def _asks_the_same(before: bytes, after: bytes) -> bool:
    """Whether only layout, docstrings or provenance differ."""
    try:
        one, other = before.decode("utf-8"), after.decode("utf-8")
        return _asked(one) == _asked(other)
    except (ValueError, SyntaxError, VersionError, RecursionError):
        return False


def _asked(source: str) -> tuple[str, object, list[str]]:
    """What the plain prompts ask, the pinned model, and all other statements as trees without docstrings."""
    prompts = read_prompts(source)
    plain = {name for name, prompt in prompts.items() if not prompt.reason}
    others = [node for node in syntax_tree(source).body if not _is_said_elsewhere(node, plain)]
    return prompts_sha256(prompts.values()), read_model(source), [_dumped(node) for node in others]


def _is_said_elsewhere(node: ast.stmt, plain: set[str]) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] == [PROVENANCE]
    return isinstance(node, ast.FunctionDef) and node.name in plain


def _dumped(node: ast.stmt) -> str:
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(inner) is not None:
            inner.body = inner.body[1:]
    return ast.dump(node)
