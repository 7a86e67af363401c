"""Calls let through one by one, as the limit of their endpoint allows, in turns."""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from workbench.engine.call_limit import CallLimit
from workbench.engine.pace import Sent


class FairLimit:
    """Callers that wait take turns, so no run starves another. For one event loop; not safe across threads.

    Args:
        limit: When another call may be sent.
    """

    def __init__(self, limit: CallLimit) -> None:
        self.limit = limit
        self._taken = 0
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[Sent]]] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def hold(self, caller: Hashable, *, again: bool = False) -> AsyncIterator[Sent]:
        """Wait for a place and keep it for the block.

        Args:
            caller: Whose turn it is.
            again: The call was sent before, so it goes in front of the caller's others.
        """
        sent = await self._take(caller, again)
        try:
            yield sent
        finally:
            self._give_back()

    async def _take(self, caller: Hashable, again: bool) -> Sent:
        if not self._waiting and not self.limit.wait(self._taken):
            self._taken += 1
            return self.limit.sent(idled=True)
        turn: asyncio.Future[Sent] = asyncio.get_running_loop().create_future()
        turns = self._waiting.setdefault(caller, deque())
        turns.appendleft(turn) if again else turns.append(turn)
        self._let_through()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the place came in the same moment as the stop
                self._give_back()
            raise

    def _give_back(self) -> None:
        self._taken -= 1
        self._let_through()

    def _let_through(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self._drop_cancelled():
            if seconds := self.limit.wait(self._taken):
                if seconds < math.inf:
                    self._timer = asyncio.get_running_loop().call_later(seconds, self._let_through)
                return
            caller, turns = self._waiting.popitem(last=False)
            self._taken += 1
            turns.popleft().set_result(self.limit.sent())
            if turns:
                self._waiting[caller] = turns  # at the end of the round

    def _drop_cancelled(self) -> bool:
        """Whether anybody is left who waits."""
        while self._waiting:
            caller, turns = next(iter(self._waiting.items()))
            while turns and turns[0].done():
                turns.popleft()
            if turns:
                return True
            del self._waiting[caller]
        return False
