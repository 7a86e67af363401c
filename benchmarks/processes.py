"""Processes under measurement: how much CPU they take, and how they are started and ended. CPU figures need Linux."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 60.0


def free_port() -> int:
    """A port of loopback that nothing listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def cpu_seconds(process_id: int) -> float:
    """CPU seconds of a process and of its living descendants so far, in steps of 10 ms. Source: proc(5)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / _TICKS
    children = [path.read_text().split() for path in Path(f"/proc/{process_id}/task").glob("*/children")]
    return own + sum(cpu_seconds(int(child)) for several in children for child in several)


@contextmanager
def serving(command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """A Streamlit server, from its first sign of health to its end; gives its process id.

    Raises:
        RuntimeError: It was not healthy within a minute, or ended.
    """
    process = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for_health(process, port)
        yield process.pid
    finally:
        # Its session is its own, so the group holds it and its children only.
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for_health(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"the server on port {port} was not healthy within {_START_SECONDS:g} s")


def cpu_share(process_id: int, seconds: float) -> float:
    """CPU of a process and its descendants over the next seconds, in percent of one core."""
    cpu, start = cpu_seconds(process_id), time.perf_counter()
    time.sleep(seconds)
    return 100 * (cpu_seconds(process_id) - cpu) / (time.perf_counter() - start)
