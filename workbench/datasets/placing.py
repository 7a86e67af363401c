"""A document put beside a dataset: under a name that is safe and free, and only once."""

import hashlib
import re
from pathlib import Path

from workbench.datasets.documents import LARGEST_BYTES
from workbench.datasets.failures import DatasetError
from workbench.datasets.reading import FILE
from workbench.datasets.writing import write_file

_UNSAFE = re.compile(r"[^\w.() -]+")
_LONGEST_STEM = 80


def place_document(folder: Path, name: str, content: bytes) -> tuple[str, bool]:
    """The name under which the bytes lie in the folder, and whether they were written now.

    Args:
        folder: Of the dataset; made when it isn't there.
        name: What whoever brought them calls them; a path is cut to its last part.
        content: Bytes that lie there already are not put there again; nothing is written over.

    Raises:
        DatasetError: They are too many, or the disk takes no more.
    """
    if len(content) > LARGEST_BYTES:
        reason = f"it has {len(content):,} bytes; {LARGEST_BYTES:,} are the most"
        raise DatasetError(name[:80], 0, reason, "Split the document.")
    digest = hashlib.sha256(content).digest()
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    for own in there:
        # What a link leads to may lie outside of the project.
        same = own.is_file() and not own.is_symlink() and own.stat().st_size == len(content)
        if same and own.name != FILE and hashlib.sha256(own.read_bytes()).digest() == digest:
            return own.name, False
    plain = Path(name.replace("\\", "/")).name
    stem = _UNSAFE.sub("-", Path(plain).stem).strip(". -")[:_LONGEST_STEM] or "document"
    suffix = _UNSAFE.sub("", Path(plain).suffix)[:10]
    taken = {own.name.lower() for own in there} | {FILE}
    number, free = 1, f"{stem}{suffix}"
    while free.lower() in taken:
        number += 1
        free = f"{stem}-{number}{suffix}"
    write_file(folder / free, content)
    return free, True
