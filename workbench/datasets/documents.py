"""The documents that cases name: where they are, what they hold, and their texts.

A dataset comes from a pull request, so a path may not lead out of the project or the dataset's own folder.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case, Dataset
from workbench.documents.reading import open_document, read_document
from workbench.documents.store import is_identity
from workbench.errors import DocumentError
from workbench.records import Document

KEPT = "sha256:"
"""Stands before the identity of a document that the workbench keeps."""
LARGEST_BYTES = 200_000_000

Unread = tuple[Document, DocumentError]


def document_hashes(file: Path, cases: Iterable[Case], root: Path, home: Path) -> dict[str, str]:
    """A case's document -> SHA-256 of its bytes, or what it is kept under; cases without a document have no entry.

    Args:
        file: The dataset's.
        cases: Its cases.
        root: The project; documents lie in it, or in the folder of the file.
        home: The state folder.

    Raises:
        DatasetError: A document isn't there, or lies elsewhere.
    """
    hashes: dict[str, str] = {}
    for case in cases:
        if case.document and case.document not in hashes:
            hashes[case.document] = _hash(file, case, root, home)
    return hashes


def path_of(file: Path, case: Case, root: Path) -> Path:
    """Where the case's document is.

    Raises:
        DatasetError: It isn't there, or lies outside of the project and of the file's folder.
    """
    named = file.parent / case.document
    path = Path(os.path.realpath(named))
    if not any(path.is_relative_to(os.path.realpath(folder)) for folder in (root, file.parent)):
        reason = f"the document {case.document[:200]!r} lies outside of the project"
        raise DatasetError(file.name, case.line, reason, "Put the document beside the dataset.")
    if not path.is_file():
        reason = f"there is no document {case.document[:200]!r}"
        raise DatasetError(file.name, case.line, reason, f"Put it in {file.parent.name}/, or correct its path.")
    return path


def read_documents(
    dataset: Dataset, root: Path, home: Path, stop: Callable[[], bool] = lambda: False
) -> tuple[Mapping[str, Document], Mapping[str, Unread]]:
    """The texts of all documents by what cases call them, and why others have none; blocks until they are there.

    Raises:
        DatasetError: A document is gone, or is another one than when the dataset was read.
        StopError: stop said so.
    """
    first = {case.document: case for case in reversed(dataset.cases) if case.document}
    # The readers are processes of their own, so the threads only wait.
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as threads:
        read = threads.map(lambda case: _read(dataset, case, root, home, stop), first.values())
        found = dict(zip(first, read, strict=True))
    texts = {name: own for name, own in found.items() if isinstance(own, Document)}
    return texts, {name: own for name, own in found.items() if not isinstance(own, Document)}


def _hash(file: Path, case: Case, root: Path, home: Path) -> str:
    if case.document.startswith(KEPT):
        identity = case.document.removeprefix(KEPT)
        if open_document(identity, "", home) is None:
            known = "is no longer kept" if is_identity(identity) else "is no 64 hexadecimal digits in lower case"
            reason = f"the document {case.document[:80]!r} {known}"
            raise DatasetError(file.name, case.line, reason, "Put the file beside the dataset and name it.")
        return identity
    path = path_of(file, case, root)
    found = path.stat()
    if found.st_size > LARGEST_BYTES:
        reason = f"{case.document[:200]!r} has {found.st_size:,} bytes; {LARGEST_BYTES:,} are the most"
        raise DatasetError(file.name, case.line, reason, "Split the document.")
    return _file_sha256(path, found.st_size, found.st_mtime_ns)


# A page asks for the same files at each edit; whoever reads one for a run looks at its bytes again.
@lru_cache(maxsize=20_000)
def _file_sha256(path: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001 what tells one state from another
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _read(dataset: Dataset, case: Case, root: Path, home: Path, stop: Callable[[], bool]) -> Document | Unread:
    identity = dataset.documents[case.document]
    if case.document.startswith(KEPT):
        if kept := open_document(identity, f"{identity[:8]}", home):
            return kept
        reason = f"the document {case.document} is no longer kept"
        raise DatasetError(dataset.path.name, case.line, reason, "Put the file beside the dataset and name it.")
    path = path_of(dataset.path, case, root)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != identity:
        reason = f"{case.document[:200]!r} has changed since the dataset was read"
        raise DatasetError(dataset.path.name, case.line, reason, "Open the dataset again.")
    try:
        return read_document(content, path.name, home, stop=stop)
    except DocumentError as error:
        return Document(identity, path.name, len(content), 0, (), ""), error
