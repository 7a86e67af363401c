"""Answers that came a moment ago, in files that outlive their process: what a killed one didn't store is found there.

Lines at the end of a file take a tenth of what a transaction takes, in the thread of the calls. So each answer is
written down before another call is sent in its place, and stored together with others a moment later.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from workbench.records import Answer
from workbench.state.processes import Processes
from workbench.state.stored_json import from_bytes, to_bytes


def journal_folder(store: Path) -> Path:
    """Where the journals of all processes with this call store are."""
    return store.with_suffix(".journal")


class Journal:
    """This process's, in two files: one takes new answers while those of the other are being stored.

    For one event loop; not safe across threads. Made with the first answer.

    Args:
        folder: Of all processes' journals.
        processes: Under whose name it is written.
    """

    def __init__(self, folder: Path, processes: Processes) -> None:
        self._folder, self._processes = folder, processes
        self._files: list[int] = []
        self._lines: list[bytes] = []
        self._used = [0, 0]
        self._current = 0
        self._is_broken = False

    def add(self, key: str, answer: Answer) -> None:
        """An answer to be written down with the next write()."""
        self._lines.append(to_bytes([key, vars(answer)]))

    def write(self) -> None:
        """Write down what was added. No error of the disk comes of it, as the answers are stored soon anyway."""
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        try:
            if not self._files:
                self._open()
            self._used[self._current] += os.write(self._files[self._current], b"\n".join([*lines, b""]))
        except OSError:
            if not self._is_broken:
                logging.getLogger(__name__).exception("answers can't be written down before they are stored")
            self._is_broken = True

    def turn(self) -> None:
        """What was added up to now is about to be stored; what comes goes into the other file."""
        self.write()
        self._current = 1 - self._current

    def stored(self) -> None:
        """What was there before the turn is stored."""
        other = 1 - self._current
        if self._used[other]:
            # Zeros over the lines take a fifth of what it takes to make the file shorter.
            os.lseek(self._files[other], 0, os.SEEK_SET)
            with suppress(OSError):
                os.write(self._files[other], bytes(self._used[other]))
            os.lseek(self._files[other], 0, os.SEEK_SET)
            self._used[other] = 0

    def close(self) -> None:
        """Everything is stored."""
        for file, path in zip(self._files, self._paths(), strict=False):
            os.close(file)
            path.unlink(missing_ok=True)
        self._files = []

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._files = [os.open(path, flags, 0o600) for path in self._paths()]

    def _paths(self) -> list[Path]:
        # The name is taken first: who finds a journal whose process has no lock takes it for a dead one's.
        name = self._processes.name()
        return [self._folder / f"{name}.{number}" for number in (0, 1)]


def left_behind(folder: Path, processes: Processes) -> Iterator[tuple[Path, dict[str, Answer]]]:
    """The journals of processes that are gone, each with its answers by their keys; the caller removes them.

    Args:
        folder: Of all processes' journals.
        processes: Tells who is gone.
    """
    with suppress(FileNotFoundError):
        for entry in sorted(os.scandir(folder), key=lambda own: own.name):
            path = Path(entry.path)
            if not processes.lives(path.stem):
                with suppress(FileNotFoundError):  # another process was quicker
                    yield path, dict(_answers(path.read_bytes()))


def _answers(lines: bytes) -> Iterator[tuple[str, Answer]]:
    for line in lines.split(b"\n"):
        with suppress(ValueError, TypeError):  # the last line may be half of one, or zeros
            key, fields = from_bytes(line)
            yield str(key), Answer(**fields)
