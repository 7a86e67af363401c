"""The steps between prompts and answer, of two runs side by side."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.records import Run

StepState = Literal["same", "differs", "not reached"]

_Values = Mapping[str, str | Sequence[str | None]]


@dataclass(frozen=True)
class Step:
    """One value of the chain in both runs: a node's text, or one item of its list."""

    node: str
    index: int | None
    """Position in the node's list, from 0; None for a node that gives one text."""
    total: int
    """Length of the longer list; 1 for a text."""
    left: str | None
    """None: the run has no value here, because it failed, was stopped, or has not come to it yet."""
    right: str | None

    @property
    def state(self) -> StepState:
        """How the two runs stand to each other here."""
        if self.left is None or self.right is None:
            return "not reached"
        return "same" if self.left == self.right else "differs"


def steps_between(left: Run, right: Run, prompts: Collection[str] = ()) -> list[Step]:
    """What both runs computed on their own, in the order of the chain; shared nodes are the same for both.

    A run that failed or goes on gives what it has.

    Args:
        left: One run.
        right: The other, on the same document.
        prompts: Names of the prompts, which are no steps; a run that goes on doesn't name them itself.
    """
    sides = (_values(left), _values(right))
    own = [node.name for run in (left, right) for node in run.nodes if not node.shared]
    apart = {*prompts, *left.prompts, *right.prompts}
    texts = {left.output_node, right.output_node}
    steps = []
    for name in dict.fromkeys([*own, *sides[0], *sides[1]]):
        values = [side.get(name) for side in sides]
        if name in apart or values == [None, None]:
            continue
        if name in texts or any(isinstance(value, str) for value in values):
            steps.append(Step(name, None, 1, _text(values[0]), _text(values[1])))
        else:
            steps += _items(name, left, right, [value or () for value in values])
    return steps


def why_missing(label: str, run: Run, step: Step) -> str:
    """Why a run has no value at a step, as a sentence."""
    here = [call.error for call in run.calls if call.node == step.node and call.index == (step.index or 0)]
    if error := "".join(here):
        return f"{label} failed here: {error}"
    match run.status:
        case "failed":
            return f"{label} failed before this step."
        case "stopped":
            return f"{label} was stopped before this step."
        case "done":
            return f"{label} has no such step."
        case _:
            return f"{label} has not come to this step yet."


def _values(run: Run) -> _Values:
    """Node -> what the run computed on its own; of a node that goes on or failed, what its calls answered."""
    answers: dict[str, list[str | None]] = {}
    for call in run.calls:
        answers.setdefault(call.node, []).append(call.answer.text if call.answer else None)
    own = [node.name for node in run.nodes if not node.shared]
    return {**answers, **{name: run.values[name] for name in own if name in run.values}}


def _items(name: str, left: Run, right: Run, lists: Sequence[Sequence[str | None]]) -> list[Step]:
    total = max(map(len, lists))
    # What is not in a list that is complete will never be there, so the runs part; in any other it may come.
    ends = ["" if name in run.values else None for run in (left, right)]
    sides = [[*own, *[end] * (total - len(own))] for own, end in zip(lists, ends, strict=True)]
    return [Step(name, index, total, *pair) for index, pair in enumerate(zip(*sides, strict=True))]


def _text(value: str | Sequence[str | None] | None) -> str | None:
    """A node's text; of a node that gave none yet, what its calls answered, once all have."""
    if value is None or isinstance(value, str):
        return value
    answered = [part for part in value if part is not None]
    return "".join(answered) if answered and len(answered) == len(value) else None
