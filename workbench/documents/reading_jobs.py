"""PDFs being read in the background: each by one child at a time, whoever asks for it."""

import logging
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from workbench.documents.child_events import ChildStoppedError
from workbench.documents.identities import names_of
from workbench.documents.kinds import form_of
from workbench.documents.pdf_reader import Limits, Progress
from workbench.documents.pdf_refusals import refuse_size, stopped, unread
from workbench.documents.plain_reading import read_plain
from workbench.documents.reading import LIMITS, PdfFile, kept_document, read_file
from workbench.errors import WorkbenchError
from workbench.records import Document

_AT_ONCE = 4
"""Readings of a process; each may take a core and a gigabyte."""
_REMEMBERED = 100
_LOOK_SECONDS = 0.1


class ReadingJob:
    """One PDF being read; its thread writes, pages look at any time.

    Args:
        home: The state folder.
        limits: What reading may cost.
        places: Of readings at a time.
    """

    def __init__(self, home: Path, limits: Limits, places: threading.Semaphore) -> None:
        self.wanted_by: set[str] = set()
        """Workspaces that wait for it."""
        self.progress: Progress | None = None
        """None until the file is open."""
        self._home, self._limits, self._places = home, limits, places
        self._has_place = False
        self._error: Callable[[str], WorkbenchError] | None = None
        self._stop = threading.Event()
        self._ended = threading.Event()

    @property
    def live(self) -> bool:
        """Whether it goes on; one that was told to stop does not."""
        return not self._ended.is_set() and not self._stop.is_set()

    @property
    def headline(self) -> str:
        """How far it is, in a few words."""
        if not self._has_place:
            return "Waiting for other PDFs"
        if not (progress := self.progress):
            return "Opening the PDF"
        doing = "Reading page" if progress.reader == "pypdf" else "Reading again: page"
        return f"{doing} {progress.page:,} of {progress.pages:,}"

    @property
    def share(self) -> float:
        """The same as a number, from 0 to 1."""
        progress = self.progress
        return progress.page / progress.pages if progress and progress.pages else 0.0

    def error(self, name: str) -> WorkbenchError | None:
        """Why it gave no text, in words for who knows the file by this name; None when its text is kept."""
        if self._stop.is_set():
            return stopped(name)
        return self._error(name) if self._error else None

    def wait(self, timeout: float | None = None) -> bool:
        """Block until its child is gone or `timeout` seconds have passed; whether it is gone."""
        return self._ended.wait(timeout)

    def stop(self) -> None:
        """End the child within a moment."""
        self._stop.set()

    def start(self, file: PdfFile) -> None:
        """Read; returns at once. The folder of the file is deleted in the end."""
        name = f"reading-{file.identity[:8]}"
        threading.Thread(target=self._work, args=(file,), name=name, daemon=True).start()

    def _work(self, file: PdfFile) -> None:
        try:
            while not (found := self._places.acquire(timeout=_LOOK_SECONDS)) and not self._stop.is_set():
                continue
            if found:
                self._has_place = True
                self._read(file)
                self._places.release()
        finally:
            shutil.rmtree(file.path.parent, ignore_errors=True)
            self._ended.set()

    def _read(self, file: PdfFile) -> None:
        try:
            read = read_file(file, self._home, self._limits, on_page=self._note, stop=self._stop.is_set)
            self._error = None if isinstance(read, Document) else read
        except ChildStoppedError:
            return
        except Exception as error:
            logging.getLogger(__name__).exception("a PDF was not read")
            self._error = partial(unread, error=error)

    def _note(self, progress: Progress) -> None:
        self.progress = progress


class ReadingJobs:
    """The readings of a process, by what their text will be kept under; who knows that has had the bytes.

    Args:
        home: The state folder.
        limits: What reading one PDF may cost.
    """

    def __init__(self, home: Path, limits: Limits = LIMITS) -> None:
        self._home, self._limits = home, limits
        self._places = threading.Semaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, ReadingJob] = OrderedDict()

    def begin(self, content: bytes, name: str, workspace: str, password: str = "") -> tuple[str, str]:
        """Read a PDF unless its text is kept or it is being read; returns at once. Any other file is read meanwhile.

        Returns:
            The hash of its bytes, and what its text is or will be kept under.

        Raises:
            DocumentError: It has 0 bytes, or more than the limit; or it is no PDF and can't be read.
        """
        if (form := form_of(content, name)) != "pdf":
            identity = read_plain(content, name, form, self._home).sha256
            return identity, identity
        refuse_size(content, name, self._limits)
        names = names_of(content, password)
        if kept := kept_document(content, names, name, self._home):
            return names[0], kept.sha256
        sha256, identity = names
        with self._lock:
            job = self._jobs.get(identity)
            if job is None or not job.live:
                path = Path(tempfile.mkdtemp(), "document.pdf")
                path.write_bytes(content)
                job = ReadingJob(self._home, self._limits, self._places)
                self._add(identity, job)
                job.start(PdfFile(path, sha256, identity, password))
            job.wanted_by.add(workspace)
        return names

    def find(self, identity: str) -> ReadingJob | None:
        """The newest reading; None when there was none in this process, or it is long over."""
        return self._jobs.get(identity)

    def give_up(self, identity: str, workspace: str) -> None:
        """A workspace wants it no more; the last one's word ends it."""
        with self._lock:
            if job := self._jobs.get(identity):
                job.wanted_by.discard(workspace)
                if not job.wanted_by:
                    job.stop()

    def _add(self, identity: str, job: ReadingJob) -> None:
        self._jobs.pop(identity, None)
        spare = len(self._jobs) + 1 - _REMEMBERED
        for old in [own for own, other in self._jobs.items() if not other.live][: max(0, spare)]:
            del self._jobs[old]
        self._jobs[identity] = job
