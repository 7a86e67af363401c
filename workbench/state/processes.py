"""Which processes work in a state folder, and which of them are gone.

Each holds a lock on a file of its own as long as it lives; the operating system frees it the moment the process ends,
however it ends. So nothing has to be renewed, and nobody waits for a dead one.
"""

import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

_YOUNG_SECONDS = 60.0


class Processes:
    """The processes of one state folder, seen from this one.

    Args:
        home: The state folder.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "processes"
        self._lock = threading.Lock()
        self._own: FileLock | None = None
        self._name = secrets.token_hex(8)
        self._gone: set[str] = set()

    def name(self) -> str:
        """What this process is called, from now on until it ends; names are never used twice."""
        with self._lock:
            if self._own is None:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._own = FileLock(self._path(self._name), thread_local=False)
                self._own.acquire(blocking=False)
        return self._name

    def lives(self, name: str) -> bool:
        """Whether the process of this name still runs; its file is removed when it doesn't."""
        if name == self._name:
            return self._own is not None
        if name in self._gone or not self._path(name).exists():
            return False
        lock = FileLock(self._path(name), thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        self._gone.add(name)  # names are never used twice, so who is gone stays gone
        self._path(name).unlink(missing_ok=True)
        lock.release()
        return False

    def tidy(self) -> None:
        """Remove the files of those that are gone; a young one may just be about to be locked."""
        for path in self._folder.glob("*.lock"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _YOUNG_SECONDS:
                    self.lives(path.stem)

    def _path(self, name: str) -> Path:
        return self._folder / f"{Path(name).name}.lock"
