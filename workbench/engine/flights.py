"""Calls on their way, on the event loop of the pool: equal ones are one, and those nobody wants any more are ended."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.engine.call_store import CallStore
from workbench.engine.fair_limit import FairLimit
from workbench.errors import ModelError, WorkbenchError
from workbench.models.endpoints import Endpoint
from workbench.records import Answer, CallRequest

Outcome = Answer | WorkbenchError


@dataclass(frozen=True)
class CallEvent:
    """What happened to one call; watchers must be quick, as they mostly get it in the pool's thread."""

    kind: Literal["started", "text", "waiting", "done", "reused", "failed"]
    index: int
    """Position among the requests, from 0."""
    text: str = ""
    """"text": the new piece. "waiting": why; what was streamed so far is void."""
    seconds: float = 0.0
    """"waiting": how long."""
    answer: Answer | None = None
    error: WorkbenchError | None = None


Watcher = Callable[[CallEvent], None]


@dataclass(eq=False)
class _Seat:
    """One request of one caller."""

    index: int
    watch: Watcher

    def tell(self, kind: Any, **facts: Any) -> None:
        self.watch(CallEvent(kind, self.index, **facts))


@dataclass(eq=False)
class _Flight:
    """One call on its way, and everyone who wants its answer; the first of them pays."""

    seats: dict[_Seat, None] = field(default_factory=dict)
    task: "asyncio.Task[Outcome] | None" = None
    started: bool = False
    pieces: list[str] = field(default_factory=list)


class Flights:
    """All calls of a process that are on their way. For one event loop; not safe across threads.

    Args:
        store: Where answers are kept.
        in_flight: Calls at a time to one endpoint.
    """

    def __init__(self, store: CallStore, in_flight: int) -> None:
        self._store = store
        self._in_flight = in_flight
        self._limits: dict[str, FairLimit] = {}
        self._flights: dict[str, _Flight] = {}
        self._unkept: dict[str, Answer] = {}
        self._writing: asyncio.Future[None] | None = None

    async def outcomes(
        self,
        endpoint: Endpoint,
        wanted: Mapping[int, tuple[str, CallRequest]],
        *,
        caller: Hashable,
        watch: Watcher,
        since: float,
    ) -> dict[int, Outcome]:
        """Index -> answer or failure, once all have one; when cancelled, calls that nobody else wants end too.

        Args:
            endpoint: Where to ask.
            wanted: Index -> key and request.
            caller: Whose turn it is when places are short.
            watch: Told of each step of each call.
            since: Kept answers made before this time (seconds since the epoch) are not used.
        """
        # What landed since the caller looked. No call can land between this look and the last boarding, as there is
        # no await in between; so none is made twice.
        kept = self._store.find([key for key, _ in wanted.values()], since)
        outcomes: dict[int, Outcome] = {}
        boarded: list[tuple[str, _Flight, _Seat]] = []
        for index, (key, request) in wanted.items():
            seat = _Seat(index, watch)
            if key in kept:
                outcomes[index] = kept[key]
                seat.tell("reused", answer=kept[key])
            else:
                boarded.append((key, self._board(seat, key, request, endpoint, caller), seat))
        tasks = [flight.task for _, flight, _ in boarded if flight.task]
        try:
            if tasks:
                await asyncio.wait(tasks)
        finally:
            for key, flight, seat in boarded:
                self._leave(key, flight, seat)
        outcomes.update((seat.index, task.result()) for (_, _, seat), task in zip(boarded, tasks, strict=True))
        return outcomes

    def _board(self, seat: _Seat, key: str, request: CallRequest, endpoint: Endpoint, caller: Hashable) -> _Flight:
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight()
            flight.task = asyncio.create_task(self._fly(flight, key, request, endpoint, caller))
        elif flight.started:
            seat.tell("started")
            if flight.pieces:
                seat.tell("text", text="".join(flight.pieces))
        flight.seats[seat] = None
        return flight

    def _leave(self, key: str, flight: _Flight, seat: _Seat) -> None:
        del flight.seats[seat]
        if not flight.seats and flight.task and not flight.task.done():
            self._land(key, flight)
            flight.task.cancel()

    async def _fly(
        self, flight: _Flight, key: str, request: CallRequest, endpoint: Endpoint, caller: Hashable
    ) -> Outcome:
        def text(piece: str) -> None:
            flight.pieces.append(piece)
            for seat in flight.seats:
                seat.tell("text", text=piece)

        def waiting(reason: str, seconds: float) -> None:
            flight.pieces.clear()
            for seat in flight.seats:
                seat.tell("waiting", text=reason, seconds=seconds)

        try:
            async with self._limit(endpoint).hold(caller):
                flight.started = True
                for seat in flight.seats:
                    seat.tell("started")
                answer = await endpoint.ask(request, text, waiting)
            await self._keep(key, answer)
        except WorkbenchError as error:
            return self._failed(flight, error)
        except Exception as error:
            logging.getLogger(__name__).exception("a call failed unexpectedly")
            return self._failed(flight, ModelError("server", f"The call failed: {type(error).__name__}."))
        finally:
            self._land(key, flight)
        for place, seat in enumerate(flight.seats):
            seat.tell("reused" if place else "done", answer=answer)
        return answer

    def _failed(self, flight: _Flight, error: WorkbenchError) -> WorkbenchError:
        for seat in flight.seats:
            seat.tell("failed", error=error)
        return error

    async def _keep(self, key: str, answer: Answer) -> None:
        """Answers that come together are written together: one by one, that costs more than the rest of the call."""
        self._unkept[key] = answer
        if self._writing is None:
            loop = asyncio.get_running_loop()
            self._writing = loop.create_future()
            loop.call_soon(self._write)
        await asyncio.shield(self._writing)

    def _write(self) -> None:
        answers, self._unkept = self._unkept, {}
        written, self._writing = self._writing, None
        try:
            self._store.keep(answers)
        except sqlite3.Error:
            # A full disk must not cost answers that are paid for.
            logging.getLogger(__name__).exception("%d answers could not be kept", len(answers))
        if written and not written.done():
            written.set_result(None)

    def _land(self, key: str, flight: _Flight) -> None:
        """Nobody can join this flight any more."""
        if self._flights.get(key) is flight:
            del self._flights[key]

    def _limit(self, endpoint: Endpoint) -> FairLimit:
        if endpoint.origin not in self._limits:
            self._limits[endpoint.origin] = FairLimit(min(self._in_flight, endpoint.in_flight))
        return self._limits[endpoint.origin]
