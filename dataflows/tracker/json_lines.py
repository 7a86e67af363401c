"""Records in a log of JSON lines."""

import os
from pathlib import Path
from typing import TextIO

from dataflows.tracker.record_json import to_json
from dataflows.tracker.records import RunRecord
from dataflows.tracker.sink import Sink


class JsonLines(Sink):
    """A line for each run, at the end of a file that several processes may write, or on a stream.

    The file is opened anew for each line, so that it may be moved away meanwhile; only its owner can read it.

    Args:
        target: Of the file, or a stream that takes texts.
    """

    def __init__(self, target: str | Path | TextIO) -> None:
        # What a relative path means is settled now: the process may change its folder.
        self._target = Path(target).absolute() if isinstance(target, str | Path) else target

    def write(self, record: RunRecord) -> None:
        """See Sink.write."""
        line = to_json(record) + "\n"
        if not isinstance(self._target, Path):
            self._target.write(line)
            self._target.flush()
            return
        data = line.encode("ascii")
        handle = os.open(self._target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # In one piece, since other processes may write between two.
            if (written := os.write(handle, data)) < len(data):
                raise OSError(f"{self._target} took {written} of {len(data)} bytes; is the disk full?")
        finally:
            os.close(handle)

    @property
    def name(self) -> str:
        """See Sink.name."""
        return f"the log {self._target}" if isinstance(self._target, Path) else "the log"
