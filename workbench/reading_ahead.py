"""The documents of a command, read while it loads all else: their readers are processes of their own."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

from workbench import settings
from workbench.documents.reading import read_document
from workbench.errors import DocumentError, StopError, UsageError
from workbench.records import Document


class ReadingAhead:
    """Reads PDFs one after the other, from the moment it is made, in a thread."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._documents: dict[str, Document] = {}
        self._unread: dict[str, tuple[Document, DocumentError]] = {}
        self._error: Exception | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reading-ahead")
        self._thread.start()

    @property
    def live(self) -> bool:
        """Whether a document is still being read."""
        return self._thread.is_alive()

    def result(self) -> tuple[list[Document], list[tuple[Document, DocumentError]]]:
        """The documents that have text, and those that don't, each with its reason; waits for them.

        Raises:
            UsageError: A file can't be read.
        """
        self._thread.join()
        if self._error:
            raise self._error
        return list(self._documents.values()), list(self._unread.values())

    def stop(self) -> None:
        """End the readers within a tenth of a second, when nobody needs the documents any more."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        try:
            for path in self._paths:
                self._read(path)
        except StopError:
            return
        except Exception as error:  # noqa: BLE001 it is raised where the documents are waited for
            self._error = error

    def _read(self, path: str) -> None:
        data, name = bytes_of(path), Path(path).name
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            document = read_document(data, name, settings.home(), stop=self._stopped.is_set)
        except DocumentError as error:
            self._unread[sha256] = (Document(sha256, name, len(data), 0, (), ""), error)
        else:
            self._documents[sha256] = document


def bytes_of(path: str) -> bytes:
    """A file that an option names; UsageError when it can't be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
