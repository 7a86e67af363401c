"""Model calls of a process: bounded, shared, kept, and stopped at once."""

import asyncio
import threading
from collections.abc import Coroutine, Hashable, Mapping, Sequence
from concurrent.futures import CancelledError
from types import MappingProxyType
from typing import Any, TypeVar

from workbench.engine.call_store import CallStore
from workbench.engine.claims import Claims
from workbench.engine.flight import CallEvent, Outcome, Watcher
from workbench.engine.flights import Flights
from workbench.engine.journal import Journal, journal_folder
from workbench.engine.ledger import Ledger
from workbench.engine.spending import Spending
from workbench.engine.stopping import Stop
from workbench.errors import CallsFailed, StopError, WorkbenchError
from workbench.interception.scope import outside
from workbench.models.code_endpoints import CodeEndpoints
from workbench.models.endpoints import Endpoint
from workbench.records import Answer, CallRequest
from workbench.state.processes import Processes

_T = TypeVar("_T")


class CallPool:
    """Runs model calls on one event loop in a thread of its own; one pool serves all runs of a process.

    Equal calls are made once: those on their way, here or in another process with the same store, are waited for, those
    made before come out of the store. A call goes on as long as anyone waits for it; when the last one stops it is
    cancelled, and its stream closed.

    Args:
        store: Where answers are kept.
        in_flight: Calls at a time to one endpoint.
    """

    def __init__(self, store: CallStore, in_flight: int = 16) -> None:
        self._store = store
        processes = Processes(store.path.parent)
        claims = Claims(store.path.with_name("claims.db"), processes, store.recover)
        self._ledger = Ledger(store, claims, Journal(journal_folder(store.path), processes))
        self._flights = Flights(self._ledger, in_flight)
        self._endpoints: set[Endpoint] = set()
        self.code_endpoints = CodeEndpoints()
        """Of the clients that dataflows have of their own."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model-calls", daemon=True)
        self._thread.start()

    def answer_all(
        self,
        endpoint: Endpoint,
        requests: Sequence[CallRequest],
        *,
        caller: Hashable,
        stop: Stop,
        watch: Watcher,
        since: float = 0.0,
        budget: Spending | None = None,
        refused: Mapping[str, WorkbenchError] = MappingProxyType({}),
    ) -> list[Answer]:
        """The answers to all requests, in their order; blocks the calling thread.

        Args:
            endpoint: Where to ask.
            requests: What to ask; equal ones are asked once.
            caller: Whose turn it is when places are short: callers take turns.
            stop: Ends the wait within milliseconds.
            watch: Told of each step of each call.
            since: Kept answers made before this time (seconds since the epoch) are not used.
            budget: What the calls may cost; those it refuses fail with a BudgetError, the others are made.
            refused: Request key -> the failure it had before; such a call isn't made and fails with that again.

        Raises:
            CallsFailed: Some calls failed; the others are finished and kept.
            StopError: The stop came first.
        """
        keys = [request.key() for request in requests]
        kept = self._store.find(keys, since)
        outcomes: dict[int, Outcome] = {index: kept[key] for index, key in enumerate(keys) if key in kept}
        for index in outcomes:
            watch(CallEvent("reused", index, answer=kept[keys[index]]))
        for index, key in enumerate(keys):
            if index not in outcomes and key in refused:
                outcomes[index] = refused[key]
                watch(CallEvent("failed", index, error=refused[key]))
        wanted = {index: (keys[index], request) for index, request in enumerate(requests) if index not in outcomes}
        if wanted:
            if budget:
                budget.appraise(request for _, request in wanted.values())
            self._endpoints.add(endpoint)
            flying = self._flights.outcomes(endpoint, wanted, caller=caller, watch=watch, since=since, budget=budget)
            outcomes |= self._wait_for(flying, stop)
        failures = {index: outcome for index, outcome in outcomes.items() if isinstance(outcome, WorkbenchError)}
        if failures:
            raise CallsFailed(failures, len(requests))
        return [answer for _, answer in sorted(outcomes.items()) if isinstance(answer, Answer)]

    def close(self) -> None:
        """Cancel what is on its way, whose callers get a StopError, close the endpoints, and end the thread.

        The pool is of no use then.
        """
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def _wait_for(self, work: Coroutine[Any, Any, _T], stop: Stop) -> _T:
        with outside():  # what is done there for one run, others may wait for too
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        with stop.calling(future.cancel):
            try:
                return future.result()
            except CancelledError:
                raise StopError("The run was stopped.") from None

    async def _wind_up(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._ledger.close()
        await asyncio.gather(*(endpoint.close() for endpoint in self._endpoints), return_exceptions=True)
