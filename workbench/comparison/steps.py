"""The steps between prompts and answer, of two runs side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from dataflows.chunking import pages_of
from workbench.records import Run


@dataclass(frozen=True)
class Step:
    """One value of the chain in both runs: a node's text, or one item of its list."""

    node: str
    index: int | None
    """Position in the node's list, from 0; None for a node that gives one text."""
    total: int
    """Length of the longer list; 1 for a text."""
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether the runs part here."""
        return self.left != self.right


def steps_between(left: Run, right: Run) -> list[Step]:
    """What both runs computed on their own, in the order of the chain; shared nodes and prompts are the same or known.

    A run that failed or goes on gives what it has.
    """
    own = [node.name for node in left.nodes if not node.shared]
    names = [*own, *(node.name for node in right.nodes if not node.shared and node.name not in own)]
    answers = (_answers(left), _answers(right))
    names += [name for name in {**answers[0], **answers[1]} if name not in names]
    steps = []
    for name in names:
        if name in left.prompts or name in right.prompts:
            continue
        values = [run.values.get(name, texts.get(name)) for run, texts in zip((left, right), answers, strict=True)]
        if any(isinstance(value, str) for value in values):
            steps.append(Step(name, None, 1, _text(values[0]), _text(values[1])))
        elif any(isinstance(value, list) for value in values):
            items = [value if isinstance(value, list) else [] for value in values]
            total = max(map(len, items))
            steps += [Step(name, i, total, _item(items[0], i), _item(items[1], i)) for i in range(total)]
    return steps


def pages_read(step: Step, chunks: Sequence[str]) -> str:
    """Which pages of the document a step of a chunk is about: "page 3", "pages 2 to 3"; empty for other steps.

    Args:
        step: A step of a run on these chunks.
        chunks: The document in chunks, in order.
    """
    if step.index is None or step.total != len(chunks):
        return ""
    first, last = pages_of(list(chunks))[step.index]
    return f"page {first}" if first == last else f"pages {first} to {last}"


def _answers(run: Run) -> dict[str, str | list[str]]:
    """Node -> what its calls answered so far, for nodes that have no value yet."""
    found: dict[str, str | list[str]] = {}
    for name in dict.fromkeys(call.node for call in run.calls):
        texts = [call.answer.text if call.answer else "" for call in run.calls if call.node == name]
        found[name] = texts
    return found


def _text(value: str | list[str] | None) -> str:
    """A node's text; of a node that gave none yet, what its calls answered."""
    return value if isinstance(value, str) else "".join(value or ())


def _item(items: list[str], index: int) -> str:
    return items[index] if index < len(items) else ""
