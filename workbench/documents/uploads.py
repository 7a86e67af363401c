"""The bytes of the documents, for dataflows that read files by themselves; the oldest go where room is short."""

import contextlib
import os
from pathlib import Path

from workbench.documents.store import is_identity, write_whole

ROOM_BYTES = 500 * 2**20
"""What all of them may take on disk."""

_ENDINGS = ("pdf", "txt", "json", "jsonl", "csv", "tsv")


def keep_file(content: bytes, sha256: str, form: str, home: Path, room_bytes: int = ROOM_BYTES) -> None:
    """Keep the bytes of a document, as the newest; the oldest others go until all fit.

    Args:
        content: The file.
        sha256: What the document is kept under.
        form: How it is read. Some readers go by the ending of a name, so its own has one of ours.
        home: The state folder.
        room_bytes: What all of them may take.
    """
    path = home / "uploads" / f"{sha256}.{'txt' if form == 'text' else form}"
    if path.is_file():
        os.utime(path)
        return
    write_whole(path, content)
    _make_room(path, room_bytes)


def kept_file(sha256: str, home: Path) -> Path | None:
    """Where the bytes of a document are, which are the newest now; None when they are not kept.

    Args:
        sha256: What the document is kept under; anything that is no such name finds nothing.
        home: The state folder.
    """
    if not is_identity(sha256):
        return None
    for ending in _ENDINGS:
        path = home / "uploads" / f"{sha256}.{ending}"
        with contextlib.suppress(OSError):
            os.utime(path)
            return path
    return None


def _make_room(newest: Path, room_bytes: int) -> None:
    files = []
    for path in newest.parent.iterdir():
        # Another process may make room at the same time.
        with contextlib.suppress(OSError):
            found = path.stat()
            files.append((found.st_mtime_ns, found.st_size, path))
    over = sum(size for _, size, _ in files) - room_bytes
    for _, size, path in sorted(files):
        if over <= 0:
            return
        if path != newest:
            path.unlink(missing_ok=True)
            over -= size
