"""Listens to a child process that prints JSON lines, and ends it in time."""

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Sequence
from typing import IO, Any

# What a child needs to find its libraries; it never sees a key.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG")
_LOOK_SECONDS = 0.1


class ChildStoppedError(Exception):
    """The caller asked to stop."""


def events_of(
    command: Sequence[str], told: str, deadline: Callable[[], float], stop: Callable[[], bool] | None = None
) -> Generator[dict[str, Any]]:
    """What a child prints, one event for each line that is a JSON object, as it comes; the child ends when this does.

    Args:
        command: Program and arguments.
        told: What the child gets by standard input.
        deadline: When to end it, by time.monotonic(); asked ten times a second, so it may move.
        stop: Asked as often.

    Raises:
        TimeoutError: The time is over; the child is gone.
        ChildStoppedError: stop said so; the child is gone.
    """
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(child, lines), daemon=True)
    listener.start()
    try:
        _tell(child.stdin, told)
        while line := _next(lines, deadline, stop):
            try:
                event = json.loads(line)
            except ValueError:
                # A killed child may end in the middle of a line.
                continue
            if isinstance(event, dict):
                yield event
    finally:
        child.kill()
        child.wait()
        listener.join()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()


def _tell(pipe: IO[bytes] | None, told: str) -> None:
    if not pipe:
        return
    try:
        pipe.write(told.encode("utf-8", "replace"))
        pipe.close()
    except OSError:
        # The child is gone already; its silence says the rest.
        return


def _listen(child: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """A thread, because on Windows a pipe can't be waited for with a limit."""
    for line in child.stdout or ():
        lines.put(line)
    lines.put(b"")


def _next(lines: queue.SimpleQueue[bytes], deadline: Callable[[], float], stop: Callable[[], bool] | None) -> bytes:
    """The next line; empty at the end."""
    while True:
        if stop and stop():
            raise ChildStoppedError
        left = deadline() - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return lines.get(timeout=min(left, _LOOK_SECONDS))
        except queue.Empty:
            continue
