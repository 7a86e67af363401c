"""Answers of prompt stores, kept for a moment: a page asks many times, and a database that is away may be slow."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

from dataflows.prompt_store import PromptStoreError

_AGE_SECONDS = 2.0
"""How long a page may show a label where it was."""
_RETRY_SECONDS = 15.0
"""After which a store that could not be asked is asked again."""


@dataclass(frozen=True)
class StoreAnswer:
    """What a store said, now or when it could be asked last."""

    value: Any
    problem: str = ""
    """Why it can't be asked now, as a sentence; empty when it can."""
    until: float = 0.0
    """When to ask again, in seconds of the monotonic clock."""


_known: dict[Hashable, StoreAnswer] = {}
_asked: dict[Hashable, tuple[Future[Any], float]] = {}
"""Questions on their way, and when they were asked."""
_lock = threading.Lock()
_askers = ThreadPoolExecutor(4, "prompt-store")


def answer(key: Hashable, question: Callable[[], Any], nothing: Any, patience_seconds: float = 2.0) -> StoreAnswer:
    """The answer to a question, at most two seconds old; the last one known where the store is away or slow.

    Args:
        key: Of the question; equal ones share an answer, and are asked once at a time.
        question: Asks the store; may raise PromptStoreError.
        nothing: Stands for the answer while none is known.
        patience_seconds: How long it is waited for; the question itself ends by the database's own limits.
    """
    with _lock:
        known = _known.get(key, StoreAnswer(nothing))
        if time.monotonic() < known.until:
            return known
        if key not in _asked:
            _asked[key] = (_askers.submit(question), time.monotonic())
        future, asked_at = _asked[key]
    wait([future], max(0.0, asked_at + patience_seconds - time.monotonic()))
    if not future.done():
        return replace(known, problem=f"the prompt store has not answered within {patience_seconds:g} s")
    try:
        told = StoreAnswer(future.result(), until=time.monotonic() + _AGE_SECONDS)
    except PromptStoreError as error:
        told = replace(known, problem=str(error), until=time.monotonic() + _RETRY_SECONDS)
    with _lock:
        if _asked.get(key, (None, 0.0))[0] is future:
            del _asked[key]
            _known[key] = told
    return told


def forget() -> None:
    """Ask anew: something in a store was changed, or it may be back. What is known stands in until it answers."""
    with _lock:
        _asked.clear()
        for key, known in _known.items():
            _known[key] = replace(known, until=0.0)
