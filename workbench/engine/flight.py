"""One call on its way, everyone who waits for it, and who of them pays."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.engine.spending import Spending
from workbench.errors import BudgetError, WorkbenchError
from workbench.records import Answer, CallRequest

Outcome = Answer | WorkbenchError


@dataclass(frozen=True)
class CallEvent:
    """What happened to one call; watchers must be quick, as they mostly get it in the pool's thread."""

    kind: Literal["started", "text", "waiting", "done", "reused", "failed"]
    """A call that isn't stopped ends in one of the last three. "started" comes with each attempt."""
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
class Seat:
    """One request of one caller."""

    index: int
    watch: Watcher
    budget: Spending | None = None
    outcome: Outcome | None = None
    """None until the call has ended."""
    refusal: BudgetError | None = None
    """Why its budget did not allow the call."""

    def tell(self, kind: Any, **facts: Any) -> None:
        """Tell the caller."""
        self.watch(CallEvent(kind, self.index, **facts))

    def end(self, outcome: Outcome, *, pays: bool = False) -> None:
        """The call has ended."""
        self.outcome = outcome
        if isinstance(outcome, Answer):
            self.tell("done" if pays else "reused", answer=outcome)
        else:
            self.tell("failed", error=outcome)


@dataclass(eq=False)
class Flight:
    """One call; of those who wait for it, the first whose budget allows it pays when it starts."""

    key: str
    request: CallRequest
    since: float
    """Answers made before this time (seconds since the epoch) don't do for those who wait."""
    seats: dict[Seat, None] = field(default_factory=dict)
    task: "asyncio.Task[None] | None" = None
    answer: Answer | None = None
    arrived: bool = False
    """The answer is there, if not yet its price; who leaves now doesn't end the call, as it is paid for."""
    _payer: Seat | None = None
    _started: bool = False
    _pieces: list[str] = field(default_factory=list)

    def board(self, seat: Seat, since: float) -> None:
        """One more waits for it, and hears what was told so far."""
        self.seats[seat] = None
        self.since = max(self.since, since)
        if self._started:
            seat.tell("started")
            if self._pieces:
                seat.tell("text", text="".join(self._pieces))

    def start(self) -> None:
        """An attempt begins.

        Raises:
            BudgetError: Nobody's budget allows it.
        """
        self._payer = self._payer or self._first_who_pays()
        self._started = True
        self._tell("started")

    def text(self, piece: str) -> None:
        """The model wrote something."""
        self._pieces.append(piece)
        self._tell("text", text=piece)

    def wait(self, reason: str, seconds: float) -> None:
        """An attempt has failed; another one comes."""
        self._pieces.clear()
        self._tell("waiting", text=reason, seconds=seconds)

    def arrive(self) -> None:
        """The model has answered."""
        self.arrived = True

    def answered(self, answer: Answer) -> None:
        """The answer is there, and so is its price."""
        self.answer = answer
        if self._payer and self._payer.budget:
            self._payer.budget.settle(self.request, answer)

    def end(self, outcome: Outcome) -> None:
        """Tell everyone."""
        for seat in self.seats:
            refused = seat.refusal if isinstance(outcome, BudgetError) else None
            seat.end(refused or outcome, pays=seat is self._payer)

    def give_back(self) -> None:
        """What was reserved for a call that gave no answer is free again."""
        if self._payer and self._payer.budget and not self.answer:
            self._payer.budget.settle(self.request, None)
        self._payer = None if not self.answer else self._payer

    def leave(self, seat: Seat) -> BudgetError | None:
        """One waits no more; whoever pays then. The error: nobody's budget allows the call that is on its way."""
        del self.seats[seat]
        if seat is not self._payer or self.arrived or not self.seats:
            return None
        self.give_back()
        try:
            self._payer = self._first_who_pays()
        except BudgetError as error:
            return error
        return None

    def _first_who_pays(self) -> Seat:
        for seat in self.seats:
            if seat.budget is None:
                return seat
            try:
                seat.budget.take(self.request)
            except BudgetError as error:
                seat.refusal = error
            else:
                return seat
        raise next(seat.refusal for seat in self.seats if seat.refusal)

    def _tell(self, kind: Any, **facts: Any) -> None:
        for seat in self.seats:
            seat.tell(kind, **facts)
