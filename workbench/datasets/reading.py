"""A dataset out of its file: our cases.yaml, or promptfoo's tests as they are."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.parsing import refuse_unknown
from workbench.assertions.yaml_text import LARGEST_BYTES, read_yaml
from workbench.datasets.case_entries import cases_in
from workbench.datasets.documents import document_hashes
from workbench.datasets.failures import DatasetError
from workbench.datasets.lines import line_of
from workbench.datasets.nouns import Case, Dataset
from workbench.datasets.spelling import spelt_case
from workbench.datasets.test_entries import cases_of_tests

FOLDER = "datasets"
FILE = "cases.yaml"
_TESTS = ("tests", "defaultTest", "description")
_OURS = ("cases", "description")


def open_dataset(path: Path, root: Path, home: Path) -> Dataset:
    """Read a file, its cases and the bytes of their documents.

    Args:
        path: A mapping with "cases", or with promptfoo's "tests", or a list of tests; YAML or JSON, at most 1 MB.
        root: The project.
        home: The state folder.

    Raises:
        DatasetError: With the line of what can't be read or isn't supported; nothing is passed over.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(str(path), 0, f"it can't be read ({error.strerror})", "Name a file that is there.") from None
    if len(content) > LARGEST_BYTES:
        reason = f"it has {len(content):,} bytes; {LARGEST_BYTES:,} are the most"
        raise DatasetError(path.name, 0, reason, "Split the dataset.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(path.name, 0, f"it is not UTF-8 (byte {error.start})", "Save it as UTF-8.") from error
    cases, is_ours = cases_in_text(text, path.name)
    hashes = document_hashes(path, cases, root, home)
    name = path.parent.name if path.name == FILE else path.stem
    own = hashlib.sha256(content).hexdigest()
    return Dataset(name, cases, path, hashes, content_sha256(cases, hashes), own, is_ours)


# Whoever saves reads the text before and after more than once, and a thousand cases take half a second.
@lru_cache(maxsize=8)
def cases_in_text(text: str, file: str) -> tuple[tuple[Case, ...], bool]:
    """The cases of a file's text, each with its line, and whether they stand there in our form.

    Raises:
        DatasetError: As open_dataset, except for documents.
    """
    try:
        loaded = read_yaml(text)
    except ValueError as error:
        place, sign, rest = str(error).removeprefix("line ").partition(": ")
        line, reason = (int(place), rest) if sign and place.isdecimal() else (0, str(error))
        raise DatasetError(file, line, reason, "Correct the file, then open it again.") from error
    try:
        return _cases(loaded, text)
    except AssertionSyntaxError as error:
        line = line_of(text, error.where, error.reason)
        reason = f"{error.where}: {error.reason}" if error.where else error.reason
        raise DatasetError(file, line, reason, error.hint) from error


def content_sha256(cases: Iterable[Case], hashes: Mapping[str, str]) -> str:
    """The version of a dataset: SHA-256 (hex) of its cases as canonical JSON, their documents by their own hashes."""
    parts = [1, [spelt_case(case) | {"document": hashes.get(case.document, "")} for case in cases]]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _cases(loaded: Any, text: str) -> tuple[tuple[Case, ...], bool]:
    if isinstance(loaded, dict) and "cases" in loaded:
        refuse_unknown(loaded, _OURS, "the file")
        cases = cases_in(loaded["cases"])
        lines = _entry_lines(text, "cases")
        return tuple(replace(case, line=line) for case, line in zip(cases, lines, strict=True)), True
    if isinstance(loaded, dict):
        refuse_unknown(loaded, _TESTS, "the file")
        tests, default = loaded.get("tests"), loaded.get("defaultTest")
    elif isinstance(loaded, list):
        tests, default = loaded, None
    else:
        hint = "Write cases: and a list, or promptfoo's tests: and a list."
        raise AssertionSyntaxError("", "the file is neither a mapping with cases or tests nor a list of tests", hint)
    found, positions = cases_of_tests(tests, default)
    lines = _entry_lines(text, "tests")
    return tuple(replace(case, line=lines[at]) for case, at in zip(found, positions, strict=True)), False


def _entry_lines(text: str, name: str) -> list[int]:
    """The line of each entry of the list under a name, or of the list that the file is; from 1."""
    import yaml

    node: Any = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if isinstance(node, yaml.MappingNode):
        node = next(value for key, value in node.value if key.value == name)
    return [entry.start_mark.line + 1 for entry in node.value]
