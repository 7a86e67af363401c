"""A case out of a document and an answer at hand: "add this as a case", and taken back again."""

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.assertions.nouns import Assertion
from workbench.assertions.texts import count_words
from workbench.datasets.documents import KEPT
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.datasets.placing import place_document
from workbench.datasets.reading import open_dataset
from workbench.datasets.writing import save_cases, write_file


@dataclass(frozen=True)
class Addition:
    """A case that was added, with all that it takes to take it back."""

    dataset: Dataset
    """With the case, which is its last."""
    before: bytes | None
    """Of the file; None: there was none."""
    placed: Path | None
    """The document, where it was put there for this case."""

    @property
    def case(self) -> Case:
        """The case as it was written."""
        return self.dataset.cases[-1]


def suggested_assertions(output: str) -> tuple[Assertion, ...]:
    """What holds for an answer that a person found good, for a start: no refusal, about as long, JSON if it is."""
    words = count_words(output)
    found = [Assertion("is-refusal", negated=True)]
    found += [Assertion("word-count", {"min": words // 2, "max": 2 * words})] if words else []
    try:
        is_object = isinstance(json.loads(output), dict)
    except (ValueError, RecursionError):
        is_object = False
    return (*found, *([Assertion("is-json")] if is_object else []))


def add_case(
    path: Path,
    root: Path,
    home: Path,
    *,
    name: str,
    document: tuple[str, bytes] | str | None,
    inputs: Mapping[str, Any],
    assertions: Sequence[Assertion],
    tags: Sequence[str] = (),
) -> Addition:
    """Add a case at the end of a dataset, its document beside the file.

    Args:
        path: The dataset's file; made when it isn't there.
        root: The project.
        home: The state folder.
        name: Of the case; where another one has it, a number is added.
        document: Name and bytes; or how the case names one that is kept elsewhere; None: the dataflow reads none. Bytes
            that lie there already, or that another case names, are not put there again.
        inputs: As the run had them: texts, numbers and truth values only.
        assertions: What is asked of its answer.
        tags: To find it by.

    Raises:
        DatasetError: The file can't be read or written, or an input is no plain value. Nothing is written then.
    """
    for own, value in inputs.items():
        if not isinstance(value, (str, int, float)):
            reason = f"the input {own[:80]!r} is no text, number or truth value"
            raise DatasetError(path.name, 0, reason, "Leave it to its default.")
    content = path.read_bytes() if path.exists() else None
    before = open_dataset(path, root, home) if content is not None else None
    cases = before.cases if before else ()
    called = _free(" ".join(name.split())[:180] or "case", {case.name for case in cases})
    named, is_new = _named(path.parent, document, before.documents if before else {})
    placed = path.parent / named if is_new else None
    case = Case(called, named, dict(inputs), tuple(assertions), tags=tuple(tags))
    try:
        saved = save_cases(path, [*cases, case], root, home, file_sha256=_sha256(content))
    except DatasetError:
        _forget(path.parent, placed)
        raise
    return Addition(saved, content, placed)


def take_back(addition: Addition) -> None:
    """Have the file, its folder and its documents as they were before a case was added.

    Raises:
        DatasetError: Somebody has changed the file since, or it can't be written; nothing is changed then.
    """
    path = addition.dataset.path
    if not path.is_file() or _sha256(path.read_bytes()) != addition.dataset.file_sha256:
        raise DatasetError(path.name, 0, "it was changed since the case was added", "Take the case out in its table.")
    if addition.before is None:
        path.unlink()
    else:
        write_file(path, addition.before)
    _forget(path.parent, addition.placed)


def _named(folder: Path, document: tuple[str, bytes] | str | None, known: Mapping[str, str]) -> tuple[str, bool]:
    """How the case names its document, and whether it was put there now; the way another case names it, if one does."""
    if not isinstance(document, tuple):
        return document or "", False
    sha256 = _sha256(document[1])
    same = next((name for name, own in known.items() if own == sha256 and not name.startswith(KEPT)), None)
    return (same, False) if same else place_document(folder, *document)


def _forget(folder: Path, placed: Path | None) -> None:
    if placed:
        placed.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # something else is in it
        folder.rmdir()


def _sha256(content: bytes | None) -> str:
    return hashlib.sha256(content).hexdigest() if content is not None else ""


def _free(name: str, taken: set[str]) -> str:
    number, own = 1, name
    while own in taken:
        number += 1
        own = f"{name} ({number})"
    return own
