"""Which calls are to be made here, and what they gave: answers and claims, as the event loop sees them.

All of it is looked up and written in one thread, in batches of what came together: one by one, that would cost more
than the rest of a call, and the loop must not wait for a file that another process is busy with.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from workbench.engine.call_store import CallStore
from workbench.engine.claims import Claims
from workbench.engine.journal import Journal
from workbench.records import Answer

_LOOK_AGAIN_SECONDS = 0.075


@dataclass
class _Batch:
    """What is to be done in one go; keys of calls."""

    answers: dict[str, Answer] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    wanted: dict[str, float] = field(default_factory=dict)
    """Key -> the time before which no kept answer may be made."""
    written: list["asyncio.Future[None]"] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.answers or self.released or self.wanted)


class Ledger:
    """For one event loop; not safe across threads.

    Args:
        store: Where answers are kept.
        claims: Which process makes which call.
        journal: Where answers stand until they are in the store.
    """

    def __init__(self, store: CallStore, claims: Claims, journal: Journal) -> None:
        self._store, self._claims, self._journal = store, claims, journal
        self._thread = ThreadPoolExecutor(1, "call-ledger")
        self._waiting: dict[str, asyncio.Future[Answer | None]] = {}
        self._next = _Batch()
        self._idle = asyncio.Event()
        self._idle.set()
        self._others_make: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._to_release: set[str] = set()  # of the thread; more than one batch's when it could not be written

    async def claim(self, key: str, since: float) -> Answer | None:
        """Wait until a call is ours to make, or was made by somebody else; only one may wait for a key at a time.

        Returns:
            The answer that is kept, made at or after `since` (seconds since the epoch). None: the call is ours, until
            keep() or release().
        """
        future: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        self._next.wanted[key] = since
        self._work_soon()
        try:
            return await future
        except asyncio.CancelledError:
            self._forget(key, future)
            raise

    async def keep(self, key: str, answer: Answer) -> None:
        """Keep the answer to a call of ours, which ends the claim; on disk when this returns, if the disk takes it.

        write_down() keeps it before that in case that this process is killed.
        """
        self._journal.add(key, answer)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._next.answers[key] = answer
        self._next.written.append(future)
        self._work_soon()
        await future

    def write_down(self) -> None:
        """Before another call is sent: what was answered is not lost by a process that is killed."""
        self._journal.write()

    def release(self, key: str) -> None:
        """The call isn't made here any more."""
        self._next.released.add(key)
        self._work_soon()

    async def close(self) -> None:
        """Finish what is to be written."""
        if self._timer:
            self._timer.cancel()
        await self._idle.wait()
        self._journal.close()
        self._thread.shutdown(wait=False)

    def _forget(self, key: str, future: "asyncio.Future[Answer | None]") -> None:
        if self._waiting.get(key) is future:
            del self._waiting[key]
        if self._others_make.pop(key, None) is None and self._next.wanted.pop(key, None) is None:
            self.release(key)  # it is being claimed in this moment, or just was

    def _work_soon(self) -> None:
        if self._idle.is_set():
            self._idle.clear()
            asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        batch, self._next = self._next, _Batch()
        if not batch:
            self._idle.set()
            return
        self._journal.turn()
        loop = asyncio.get_running_loop()
        working = loop.run_in_executor(self._thread, self._do, batch)
        working.add_done_callback(lambda done: self._ended(batch, *done.result()))

    def _ended(self, batch: _Batch, ours: set[str], kept: Mapping[str, Answer]) -> None:
        if batch.answers:
            self._journal.stored()
        for written in batch.written:
            if not written.done():
                written.set_result(None)
        for key, since in batch.wanted.items():
            future = self._waiting.get(key)
            if future is None or key in self._next.wanted:  # nobody waits any more, or somebody new does
                continue
            if key not in ours and key not in kept:
                self._others_make[key] = since
                continue
            del self._waiting[key]
            if not future.done():
                future.set_result(kept.get(key))
        if self._others_make and not self._timer:
            self._timer = asyncio.get_running_loop().call_later(_LOOK_AGAIN_SECONDS, self._look_again)
        self._begin()

    def _look_again(self) -> None:
        self._timer = None
        self._next.wanted |= self._others_make
        self._others_make = {}
        self._work_soon()

    def _do(self, batch: _Batch) -> tuple[set[str], dict[str, Answer]]:
        """In the thread. Answers are written before their claims end: who gets a claim then finds the answer."""
        if batch.answers:
            with _logged(f"{len(batch.answers)} answers could not be kept"):
                self._store.keep(batch.answers)
        ours, kept = set(batch.wanted), dict[str, Answer]()
        with _logged("calls could not be claimed, so other processes may make them too"):
            self._to_release |= batch.released | batch.answers.keys()
            ours = self._claims.exchange(self._to_release, batch.wanted)
            self._to_release = set()
        with _logged("kept answers could not be looked up"):
            for since in set(batch.wanted.values()):
                kept |= self._store.find([key for key, own in batch.wanted.items() if own == since], since)
        with _logged("claims could not be given up"):
            self._claims.exchange(ours & kept.keys(), ())
        return ours, kept


@contextlib.contextmanager
def _logged(message: str) -> Iterator[None]:
    """Whatever the disk does: a full one must not cost answers that are paid for, nor the calls after them."""
    try:
        yield
    except Exception:
        logging.getLogger(__name__).exception(message)
