"""Documents on disk, by the hash of their bytes: texts as JSON, and locked PDFs until their password comes."""

import json
import os
import re
import tempfile
from pathlib import Path

from workbench.records import Document

_FORMAT = 1
_SHA256 = re.compile("[0-9a-f]{64}")


def keep_document(document: Document, home: Path) -> None:
    """Keep a document's text, all but its name."""
    kept = {
        "format": _FORMAT,
        "bytes": document.bytes,
        "pages": document.pages,
        "page_texts": document.page_texts,
        "reader": document.reader,
        "note": document.note,
        "kind": document.kind,
    }
    # ASCII, because a text may hold what UTF-8 can't carry.
    write_whole(_path(home, document.sha256, "json"), json.dumps(kept).encode("ascii"))


def keep_locked(sha256: str, pdf: bytes, home: Path) -> None:
    """Keep a PDF that waits for its password."""
    write_whole(_path(home, sha256, "pdf"), pdf)


def forget_locked(sha256: str, home: Path) -> None:
    """The bytes of a locked PDF are needed no more; nothing happens when none are kept."""
    _path(home, sha256, "pdf").unlink(missing_ok=True)


def open_document(sha256: str, name: str, home: Path) -> Document | None:
    """The document kept under a hash, under a name of the caller's; None when none is kept.

    Args:
        sha256: 64 hexadecimal digits, lower case; anything else finds nothing.
        name: What the document is called now; the hash knows no name.
        home: The state folder.
    """
    if not is_identity(sha256):
        return None
    try:
        kept = json.loads(_path(home, sha256, "json").read_bytes())
        if kept.pop("format") != _FORMAT:
            return None
        return Document(sha256=sha256, name=name, **{**kept, "page_texts": tuple(kept["page_texts"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        # Not there, or from another release, or cut by a full disk: it is read again.
        return None


def locked_pdf(sha256: str, home: Path) -> bytes | None:
    """The bytes of a PDF that waits for its password; None when there are none."""
    if not is_identity(sha256):
        return None
    try:
        return _path(home, sha256, "pdf").read_bytes()
    except OSError:
        return None


def forget_documents(home: Path, before: float) -> int:
    """Forget texts and files that were kept before this moment (seconds since the epoch); how many it were."""
    gone = 0
    for path in [*(home / "documents").glob("*"), *(home / "uploads").glob("*")]:
        try:
            if path.is_file() and path.stat().st_mtime < before:
                path.unlink()
                gone += 1
        except OSError:  # somebody else was quicker
            continue
    return gone


def is_identity(name: str) -> bool:
    """Whether something can be kept under this name: 64 hexadecimal digits, lower case."""
    return bool(_SHA256.fullmatch(name))


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, whoever else writes or reads the same file; for the owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _path(home: Path, sha256: str, suffix: str) -> Path:
    return home / "documents" / f"{sha256}.{suffix}"
