"""A case out of a document and an answer at hand: "add this as a case"."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.assertions.nouns import Assertion
from workbench.assertions.texts import count_words
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.datasets.reading import open_dataset
from workbench.datasets.writing import save_cases, write_file

_UNSAFE = re.compile(r"[^\w.() -]+")
_LONGEST_STEM = 80


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
    document: tuple[str, bytes] | None,
    inputs: Mapping[str, Any],
    assertions: Sequence[Assertion],
    tags: Sequence[str] = (),
) -> Dataset:
    """Add a case at the end of a dataset, its document beside the file.

    Args:
        path: The dataset's file; made when it isn't there.
        root: The project.
        home: The state folder.
        name: Of the case; where another one has it, a number is added.
        document: Name and bytes; None: the dataflow reads none. Bytes that lie there already are not put there again.
        inputs: As the run had them: texts, numbers and truth values only.
        assertions: What is asked of its answer.
        tags: To find it by.

    Raises:
        DatasetError: The file can't be read or written, or an input is no plain value.
    """
    before = open_dataset(path, root, home) if path.exists() else None
    for own, value in inputs.items():
        if not isinstance(value, (str, int, float)):
            reason = f"the input {own[:80]!r} is no text, number or truth value"
            raise DatasetError(path.name, 0, reason, "Leave it to its default.")
    cases = before.cases if before else ()
    called = _free(" ".join(name.split())[:180] or "case", {case.name for case in cases}, " ({})")
    placed = _placed(path.parent, *document) if document else ""
    case = Case(called, placed, dict(inputs), tuple(assertions), tags=tuple(tags))
    return save_cases(path, [*cases, case], root, home, file_sha256=before.file_sha256 if before else "")


def _placed(folder: Path, name: str, content: bytes) -> str:
    """The name under which the bytes lie in the folder; they are written unless they lie there."""
    digest = hashlib.sha256(content).digest()
    for own in sorted(folder.glob("*")) if folder.is_dir() else ():
        same = own.is_file() and own.stat().st_size == len(content)
        if same and hashlib.sha256(own.read_bytes()).digest() == digest:
            return own.name
    plain = Path(name.replace("\\", "/")).name
    stem = _UNSAFE.sub("-", Path(plain).stem).strip(". -")[:_LONGEST_STEM] or "document"
    suffix = _UNSAFE.sub("", Path(plain).suffix)[:10]
    taken = {own.name for own in folder.glob("*")} if folder.is_dir() else set()
    stem = _free(stem, {own.removesuffix(suffix) for own in taken if own.endswith(suffix)}, "-{}")
    write_file(folder / f"{stem}{suffix}", content)
    return f"{stem}{suffix}"


def _free(name: str, taken: set[str], form: str) -> str:
    number, own = 1, name
    while own in taken:
        number += 1
        own = name + form.format(number)
    return own
