"""One run while it happens: written by the run's thread and the call pool, read by pages at any time."""

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.engine.flight import CallEvent
from workbench.engine.shown import shown_value
from workbench.errors import BudgetError, StopError, WorkbenchError
from workbench.interception.scope import Order
from workbench.models.redaction import redact
from workbench.records import (
    Answer,
    Call,
    CallRequest,
    Document,
    ModelChoice,
    NodeTime,
    Run,
    Status,
    Variant,
)

StepState = Literal["waiting", "running", "done", "reused", "failed", "stopped"]


@dataclass(eq=False)
class LiveCall:
    """One model call of a run that goes on."""

    node: str
    index: int
    request: CallRequest
    order: Order = ()
    state: StepState = "waiting"
    pieces: list[str] = field(default_factory=list)
    wait: str = ""
    """Why it waits for another attempt; empty when it does not."""
    answer: Answer | None = None
    error: WorkbenchError | None = None

    @property
    def text(self) -> str:
        """What the model has written so far."""
        return self.answer.text if self.answer else "".join(self.pieces)

    def record(self) -> Call:
        """The call as it stands."""
        failed = self.error if self.state == "failed" else None
        return Call(
            self.node,
            self.index,
            self.request,
            self.answer,
            error=redact(failed.message) if failed else "",
            hint=failed.hint if failed else "",
            reused=self.state == "reused",
        )


class Lane:
    """One variant on one document, once, from waiting to its end."""

    def __init__(
        self, variant: Variant, document: Document, model: ModelChoice, output: str, repetition: int = 0
    ) -> None:
        self.variant = variant
        self.document = document
        self.model = model
        self.output_node = output
        self.repetition = repetition
        self.status: Status = "waiting"
        self.node = ""
        """The node being executed."""
        self.calls: list[LiveCall] = []
        self.passed_on = 0
        """Calls of the dataflow's clients that went to the network as they were."""
        self.values: dict[str, Any] = {}
        self.prompts: dict[str, str] = {}
        self.nodes: list[NodeTime] = []
        self.output = ""
        self.error: WorkbenchError | None = None
        self._started = self._ended = self._first_text = self._started_at = 0.0
        self._over: Run | None = None
        self._asked: Counter[str] = Counter()
        self._given: dict[str, list[tuple[Order, str | list[str]]]] = {}
        self._lock = threading.Lock()

    # Written by the run's thread.

    def begin(self) -> None:
        """The clock starts."""
        self._started, self._started_at = time.perf_counter(), time.time()
        self.status = "running"

    def shared(self, values: Mapping[str, Any], nodes: Sequence[NodeTime]) -> None:
        """Take over what was computed for all variants."""
        self.nodes.extend(nodes)
        self.values.update({name: text for name, value in values.items() if (text := shown_value(value)) is not None})

    def node_begun(self, name: str) -> None:
        """The node being executed; of several at once, the one that began last."""
        self.node = name

    def node_ended(self, name: str, seconds: float, value: Any, order: Order = ()) -> None:
        """Keep a node's time, and its value as far as it can be read; a node that runs several times gives a list.

        Args:
            name: Of the node.
            seconds: It took.
            value: Which it gave.
            order: Sorts the values of one that runs several times, whichever ended first.
        """
        text = shown_value(value)
        with self._lock:
            self.nodes.append(NodeTime(name, seconds, shared=False))
            if text is None:
                return
            given = self._given.setdefault(name, [])
            given.append((order, text))
            if len(given) == 1:
                self.values[name] = text
            else:
                given.sort(key=lambda own: own[0])
                self.values[name] = [own if isinstance(own, str) else "\n".join(own) for _, own in given]

    def add_calls(self, requests: Sequence[CallRequest], node: str = "", order: Order = ()) -> list[LiveCall]:
        """Model calls of a node, by default the one being executed; their index goes on when it asks more than once.

        Args:
            requests: What is asked.
            node: Whose calls they are.
            order: Sorts them at the end, where threads of the node came to them in another order.
        """
        name = node or self.node
        with self._lock:
            first = self._asked[name]
            self._asked[name] += len(requests)
            added = [LiveCall(name, first + position, own, order) for position, own in enumerate(requests)]
            self.calls.extend(added)
        return added

    def end(self, output: str = "", error: WorkbenchError | None = None) -> None:
        """The clock stops; nothing changes any more."""
        stopped = isinstance(error, StopError | BudgetError)
        with self._lock:
            self._ended = time.perf_counter()
            self.output, self.error = output, error
            self._sort_calls()
            for call in self.calls:
                if call.state in ("waiting", "running"):
                    call.state = "stopped"
            self.status = "stopped" if stopped else "failed" if error else "done"

    def _sort_calls(self) -> None:
        """Give each node's calls the indexes of the order in which its work was handed to threads."""
        nodes = list(dict.fromkeys(call.node for call in self.calls))
        self.calls.sort(key=lambda call: (nodes.index(call.node), call.order, call.index))
        counts: Counter[str] = Counter()
        for call in self.calls:
            call.index = counts[call.node]
            counts[call.node] += 1

    # Written by the pool's thread.

    def note(self, call: LiveCall, event: CallEvent) -> None:
        """Something happened to one of the calls; after the end of the run nobody looks at it any more."""
        with self._lock:
            if not self._ended:
                self._note(call, event)

    def _note(self, call: LiveCall, event: CallEvent) -> None:
        call.wait = ""
        match event.kind:
            case "started":
                call.state = "running"
            case "text":
                call.pieces.append(event.text)
                self._first_text = self._first_text or time.perf_counter()
            case "waiting":
                call.pieces.clear()
                call.wait = f"{event.text}; trying again in {event.seconds:.0f} s"
            case "failed":
                call.pieces.clear()
                call.state = "stopped" if isinstance(event.error, BudgetError) else "failed"
                call.error = event.error
            case "done" | "reused":
                call.state, call.answer = event.kind, event.answer
                self._first_text = self._first_text or time.perf_counter()

    # Read by anyone.

    @property
    def seconds(self) -> float:
        """Since the start, or from start to end."""
        return (self._ended or time.perf_counter()) - self._started if self._started else 0.0

    @property
    def first_token_seconds(self) -> float | None:
        """From the start to the first text the model wrote for this run, in whatever step."""
        return self._first_text - self._started if self._first_text else None

    def steps(self) -> list[StepState]:
        """The state of each call in the order of the chain; the output's call is the last, known or not."""
        output = [call.state for call in self.calls if call.node == self.output_node]
        return [call.state for call in self.calls if call.node != self.output_node] + (output or [pending(self.status)])

    def current(self) -> LiveCall | None:
        """The call worth looking at: the output's once it runs, else the first of those that write, else the last."""
        started = [call for call in self.calls if call.state != "waiting"]
        if started and started[-1].node == self.output_node:
            return started[-1]
        running = [call for call in started if call.state == "running"]
        return next(iter([*(call for call in running if call.pieces), *running, *started[-1:]]), None)

    def run(self) -> Run:
        """The run as it stands; frozen."""
        if self.status in ("waiting", "running"):
            return self._record()
        self._over = self._over or self._record()
        return self._over

    def _record(self) -> Run:
        error = (type(self.error).__name__, redact(self.error.message)) if self.error else None
        return Run(
            variant=self.variant.label,
            document=self.document.sha256,
            status=self.status,
            repetition=self.repetition,
            output=self.output,
            error=error,
            hint=self.error.hint if self.error else "",
            prompts=dict(self.prompts),
            model=self.model.name,
            output_node=self.output_node,
            values=dict(self.values),
            nodes=tuple(self.nodes),
            calls=tuple(call.record() for call in list(self.calls)),
            seconds=self.seconds,
            first_token_seconds=self.first_token_seconds,
            cost_usd=self._cost(),
            started_at=self._started_at,
            passed_on=self.passed_on,
        )

    def _cost(self) -> float | None:
        made = [call.answer.cost_usd for call in list(self.calls) if call.state == "done" and call.answer]
        return None if None in made else sum((cost for cost in made if cost is not None), 0.0)


def pending(status: Status) -> StepState:
    """How the output's step stands as long as it made no call."""
    return status if status in ("done", "stopped") else "waiting"
