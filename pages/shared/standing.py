"""How a run stands, the same for one that goes on and one that was kept."""

from collections import Counter
from dataclasses import dataclass

from pages.shared.plan_words import calls, dollars
from workbench.engine.lanes import Lane, StepState, pending
from workbench.errors import BudgetError
from workbench.records import Budget, Call, Run

_WORDS = {"stopped": "not made", "waiting": "not begun", "running": "on its way"}


@dataclass(frozen=True)
class Failure:
    """A call that failed for good."""

    node: str
    index: int
    """Position among the node's calls, from 0."""
    place: str
    """ "chunk 7 of 40"."""
    message: str
    hint: str


@dataclass(frozen=True)
class Standing:
    """What a person sees of a run at a glance."""

    run: Run
    live: bool
    steps: tuple[StepState, ...]
    """One per model call in the order of the chain; the output's last."""
    text: str
    """The answer, or what the model is writing right now."""
    text_of: str
    """Which step the text belongs to ("chunk 3 of 8"); empty for the answer itself."""
    wait: str = ""
    """Why a call waits for another attempt; empty when none does."""

    @property
    def headline(self) -> str:
        """The state in a few words."""
        match self.run.status:
            case "waiting":
                return "Waiting"
            case "running":
                return self._doing()
            case "done":
                return f"Done · {self.run.seconds:.1f} s"
            case "failed":
                failed = self.steps.count("failed")
                return f"Failed · {failed:,} of {calls(len(self.steps))}" if failed else "Failed"
            case _:
                return "Stopped by the budget" if is_over_budget(self.run) else "Stopped"

    @property
    def failures(self) -> list[Failure]:
        """The calls that failed, in the order of the chain."""
        return [
            Failure(call.node, call.index, place, call.error, call.hint)
            for call, place in _placed(self.run)
            if call.error
        ]

    def tips(self) -> list[str]:
        """What became of each step, in their order."""
        placed = _placed(self.run)
        told = [f"{place}: {_told(call, state)}" for (call, place), state in zip(placed, self.steps, strict=False)]
        return told + [f"the answer: {_WORDS.get(state, state)}" for state in self.steps[len(told) :]]

    def _doing(self) -> str:
        if self.wait:
            return "Waiting for the endpoint"
        if not self.run.calls:
            return "Reading"
        before = self.steps[:-1]
        if self.steps[-1] != "waiting" or not before:
            return "Writing"
        ready = sum(step in ("done", "reused") for step in before)
        return f"Reading chunk {min(ready + 1, len(before))} of {len(before)}"


def standing_of_lane(lane: Lane) -> Standing:
    """Of a run that goes on or has just ended."""
    run = lane.run()
    live = run.status in ("waiting", "running")
    call = lane.current() if live else None
    if call is None:
        return Standing(run, live, tuple(lane.steps()), run.output, "")
    of = "" if call.node == lane.output_node else f"chunk {call.index + 1} of {max(len(lane.steps()) - 1, 1)}"
    return Standing(run, live, tuple(lane.steps()), call.text, of, call.wait)


def standing_of_run(run: Run) -> Standing:
    """Of a run that was kept."""
    output = [_state(call) for call in run.calls if call.node == run.output_node] or [pending(run.status)]
    steps = [_state(call) for call in run.calls if call.node != run.output_node] + output
    return Standing(run, False, tuple(steps), run.output, "")


def is_over_budget(run: Run) -> bool:
    """Whether its budget stopped it."""
    return run.status == "stopped" and run.error is not None and run.error[0] == BudgetError.__name__


def budget_reached(budget: Budget, standing: Standing) -> str:
    """Which budget stopped a run, and how many of its calls were not made."""
    missing = sum(step not in ("done", "reused") for step in standing.steps)
    not_made = f"{missing:,} of {calls(len(standing.steps))} were not made."
    message = standing.run.error[1] if standing.run.error else ""
    if budget.calls is not None and (budget.usd is None or "is used up" in message):
        return f"The budget of {calls(budget.calls)} is used up: {not_made}"
    if budget.usd is not None:
        return f"The next call could cross the budget of {dollars(budget.usd)}: {not_made}"
    return message


def _placed(run: Run) -> list[tuple[Call, str]]:
    """The calls in the order of the steps, each with its place in the chain."""
    totals = Counter(call.node for call in run.calls)
    in_order = sorted(run.calls, key=lambda call: call.node == run.output_node)
    return [(call, _place(call, totals[call.node], call.node == run.output_node)) for call in in_order]


def _place(call: Call, total: int, is_output: bool) -> str:
    """ "chunk 7 of 40"; the call that puts them together is "the answer"."""
    if is_output:
        return "the answer" if total == 1 else f"part {call.index + 1} of {total} of the answer"
    return f"chunk {call.index + 1} of {total}"


def _told(call: Call, state: StepState) -> str:
    if call.error:
        return call.error
    if call.answer and state in ("done", "reused"):
        return f"{state}, made in {call.answer.seconds:.1f} s" if state == "reused" else f"{call.answer.seconds:.1f} s"
    return _WORDS.get(state, state)


def _state(call: Call) -> StepState:
    return "reused" if call.reused else "done" if call.answer else "failed" if call.error else "stopped"
