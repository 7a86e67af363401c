"""A bounded number of calls in flight, shared fairly."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class FairLimit:
    """At most `size` holders at a time; callers that wait take turns, so no run starves another.

    For one event loop; not safe across threads.
    """

    def __init__(self, size: int) -> None:
        self._free = size
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def hold(self, caller: Hashable) -> AsyncIterator[None]:
        """Wait for a place and keep it for the block."""
        await self._take(caller)
        try:
            yield
        finally:
            self._give_back()

    async def _take(self, caller: Hashable) -> None:
        if self._free and not self._waiting:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(caller, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the place came in the same moment as the stop
                self._give_back()
            raise

    def _give_back(self) -> None:
        while self._waiting:
            caller, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[caller] = turns  # at the end of the round
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
