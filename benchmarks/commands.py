"""Whole commands under measurement: wall time, CPU and memory of a process and all of its children. Needs Linux."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench import settings

_LOOK_SECONDS = 0.02
_WEIGH_EVERY = 5
"""Looks; weighing a process takes a millisecond."""


@dataclass(frozen=True)
class Took:
    """What a command took."""

    seconds: float
    """From its start until it has ended."""
    cpu: float
    """CPU seconds of all its processes."""
    peak_mb: float
    """The most memory that its processes had together, in MB (10^6 bytes)."""
    output: str
    """What it wrote to standard output."""


def run(command: Sequence[str], environment: Mapping[str, str], kill_when: Callable[[], bool] | None = None) -> Took:
    """Run a command to its end, or kill it with -9 as soon as a condition is true.

    Raises:
        RuntimeError: It failed.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=settings.ROOT, env=dict(environment), stdout=output, stderr=errors, start_new_session=True
        )
        watch = _Watch(process.pid, kill_when)
        watch.start()
        # Tells the CPU time of this child and of those it has waited for.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        watch.ended.set()
        watch.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not watch.killed:
            errors.seek(0)
            raise RuntimeError(f"{command[2]} ended with {process.returncode}: {errors.read()[-800:].decode()}")
        output.seek(0)
        return Took(seconds, usage.ru_utime + usage.ru_stime, watch.peak / 1e6, output.read().decode())


class _Watch(threading.Thread):
    """Looks at a process fifty times a second, and weighs it ten times."""

    def __init__(self, process_id: int, kill_when: Callable[[], bool] | None) -> None:
        super().__init__(daemon=True)
        self._process_id, self._kill_when = process_id, kill_when
        self.ended = threading.Event()
        self.killed = False
        self.peak = 0
        """Bytes."""

    def run(self) -> None:
        looks = 0
        while not self.ended.wait(_LOOK_SECONDS):
            looks += 1
            # What one process had at most since its start. Not its ru_maxrss: that begins with what its parent had.
            self.peak = max(self.peak, _high_water(self._process_id))
            if looks % _WEIGH_EVERY == 0:
                self.peak = max(self.peak, _memory(self._process_id))
            if self._kill_when and not self.killed and self._kill_when():
                self.killed = True
                # Its session is its own, so the group holds it and its children only.
                os.killpg(self._process_id, signal.SIGKILL)


def _high_water(process_id: int) -> int:
    """The most bytes a process had resident so far; 0 when it is gone. Source: proc(5)."""
    try:
        lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _memory(process_id: int) -> int:
    """Bytes of a process and its descendants, a page they share counted once; 0 when it is gone. Source: proc(5)."""
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
        children = [path.read_text().split() for path in Path(f"/proc/{process_id}/task").glob("*/children")]
    except OSError:
        return 0
    own = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    # Between fork and exec a child still has its parent's memory, and its name: that would count twice.
    name = _command(process_id)
    others = [int(child) for several in children for child in several if _command(int(child)) != name]
    return own + sum(map(_memory, others))


def _command(process_id: int) -> bytes:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return b""
