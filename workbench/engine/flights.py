"""Calls on their way, on the event loop of the pool: equal ones are one, and those nobody wants any more are ended."""

import asyncio
import logging
from collections.abc import Hashable, Mapping

from workbench.engine.attempts import answer_to
from workbench.engine.call_limit import CallLimit
from workbench.engine.fair_limit import FairLimit
from workbench.engine.flight import Flight, Outcome, Seat, Watcher
from workbench.engine.ledger import Ledger
from workbench.engine.spending import Spending
from workbench.errors import ModelError, StopError, WorkbenchError
from workbench.models.endpoints import Endpoint
from workbench.records import Answer, CallRequest


class Flights:
    """All calls of a process that are on their way. For one event loop; not safe across threads.

    Args:
        ledger: What is kept, and which process makes which call.
        in_flight: Calls at a time to one endpoint.
    """

    def __init__(self, ledger: Ledger, in_flight: int) -> None:
        self._ledger = ledger
        self._in_flight = in_flight
        self._turns: dict[str, FairLimit] = {}
        self._flights: dict[str, Flight] = {}

    async def outcomes(
        self,
        endpoint: Endpoint,
        wanted: Mapping[int, tuple[str, CallRequest]],
        *,
        caller: Hashable,
        watch: Watcher,
        since: float,
        budget: Spending | None,
    ) -> dict[int, Outcome]:
        """Index -> answer or failure, once all have one; when cancelled, calls that nobody else wants end too.

        Args:
            endpoint: Where to ask.
            wanted: Index -> key and request.
            caller: Whose turn it is when places are short.
            watch: Told of each step of each call.
            since: Kept answers made before this time (seconds since the epoch) are not used.
            budget: What the calls may cost.
        """
        boarded: list[tuple[Flight, Seat]] = []
        for index, (key, request) in wanted.items():
            flight, seat = self._flight(key, request, endpoint, caller, since), Seat(index, watch, budget)
            flight.board(seat, since)
            boarded.append((flight, seat))
        try:
            await asyncio.wait([flight.task for flight, _ in boarded if flight.task])
        finally:
            for flight, seat in boarded:
                self._leave(flight, seat)
        return {seat.index: seat.outcome or StopError("The run was stopped.") for _, seat in boarded}

    def _flight(self, key: str, request: CallRequest, endpoint: Endpoint, caller: Hashable, since: float) -> Flight:
        flight = self._flights.get(key)
        if flight is None or (flight.answer and flight.answer.made_at < since):
            flight = self._flights[key] = Flight(key, request, since)
            flight.task = asyncio.create_task(self._fly(flight, endpoint, caller))
        return flight

    def _leave(self, flight: Flight, seat: Seat) -> None:
        if flight.task is None or flight.task.done():
            return
        refusal = flight.leave(seat)
        if refusal:
            flight.end(refusal)
        if refusal or not (flight.seats or flight.arrived):
            self._land(flight)
            flight.task.cancel()

    async def _fly(self, flight: Flight, endpoint: Endpoint, caller: Hashable) -> None:
        outcome: Outcome
        ours = False
        try:
            kept = await self._claim(flight)
            ours = kept is None
            outcome = kept or await self._ask(flight, endpoint, caller)
            if ours:
                ours = False
                await self._ledger.keep(flight.key, outcome)
        except WorkbenchError as error:
            outcome = error
        except Exception as error:
            logging.getLogger(__name__).exception("a call failed unexpectedly")
            outcome = ModelError("server", f"The call failed: {type(error).__name__}.")
        finally:
            if ours:
                self._ledger.release(flight.key)
            flight.give_back()
            self._land(flight)
        flight.end(outcome)

    async def _claim(self, flight: Flight) -> Answer | None:
        """The answer that somebody else made; None when the call is ours to make."""
        while True:
            since = flight.since
            kept = await self._ledger.claim(flight.key, since)
            if kept is None or flight.since <= since:  # nobody came meanwhile who wants a newer one
                return kept

    async def _ask(self, flight: Flight, endpoint: Endpoint, caller: Hashable) -> Answer:
        def start() -> None:
            flight.start()
            self._ledger.write_down()

        answer = await answer_to(
            flight.request,
            endpoint,
            self._turns_at(endpoint),
            caller=caller,
            on_start=start,
            on_text=flight.text,
            on_wait=flight.wait,
            on_answer=flight.arrive,
        )
        flight.answered(answer)
        return answer

    def _land(self, flight: Flight) -> None:
        """Nobody can join this flight any more."""
        if self._flights.get(flight.key) is flight:
            del self._flights[flight.key]

    def _turns_at(self, endpoint: Endpoint) -> FairLimit:
        if endpoint.origin not in self._turns:
            limit = CallLimit(min(self._in_flight, endpoint.in_flight), endpoint.patience.first_backoff)
            self._turns[endpoint.origin] = FairLimit(limit)
        return self._turns[endpoint.origin]
