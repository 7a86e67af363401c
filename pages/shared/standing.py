"""How a run stands, the same for one that goes on and one that was kept."""

from dataclasses import dataclass

from workbench.engine.lanes import Lane, StepState, pending
from workbench.records import Call, Run


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
                return "Failed"
            case _:
                return "Stopped"

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


def _state(call: Call) -> StepState:
    return "reused" if call.reused else "done" if call.answer else "failed" if call.error else "stopped"
