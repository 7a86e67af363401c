"""A process that uses a call store, for test_call_store_processes.py: python -m tests.store_worker TASK FILE NAME."""

import json
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from workbench.engine.call_store import CallStore
from workbench.records import Answer

CHUNKS = 400
THREADS = 64


def answer_to(key: str) -> Answer:
    """The one right answer to a call."""
    return Answer(f"{key}: {'well ' * 100}", 100, 100, 1.0, 0.5)


def chunk_keys(name: str) -> list[str]:
    """Every other chunk is the same in all processes."""
    return [f"{'shared' if number % 2 else name}-{number}" for number in range(CHUNKS)]


def share(path: Path, name: str) -> None:
    """All chunks, each looked for, kept and looked for again in one of many threads that begin at a sign.

    Prints what was not found again, the errors, and the longest keep in seconds, as JSON.
    """
    print("ready", flush=True)
    sys.stdin.readline()
    store = CallStore(path)
    missing: list[str] = []
    errors: list[str] = []

    def ask(key: str) -> None:
        try:
            if not store.find([key]):
                store.keep({key: answer_to(key)})
            if store.find([key]) != {key: answer_to(key)}:
                missing.append(key)
        except sqlite3.Error as error:
            errors.append(repr(error))

    with ThreadPoolExecutor(THREADS) as executor:
        list(executor.map(ask, chunk_keys(name)))
    print(json.dumps({"missing": missing, "errors": errors}))


def keep_on(path: Path, name: str) -> None:
    """One answer after the other until the process is ended; each key is printed once its answer is kept."""
    store = CallStore(path)
    for number in count():
        key = f"{name}-{number}"
        store.keep({key: answer_to(key)})
        print(key, flush=True)


def keep_full(path: Path, name: str) -> None:
    """The same in a store that is always over its limit, or being emptied."""
    store = CallStore(path, lambda: 200 * 2**10)
    for number in count():
        store.keep({f"{name}-{number}-{part}": answer_to("x" * 1000) for part in range(20)})
        if number % 10 == 9:
            store.empty()
        print(number, flush=True)


TASKS: dict[str, Callable[[Path, str], None]] = {"share": share, "keep on": keep_on, "keep full": keep_full}

if __name__ == "__main__":
    TASKS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
