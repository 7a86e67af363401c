"""Where two runs part, in words."""

from collections.abc import Sequence

from workbench.comparison.steps import Step
from workbench.records import Run


def first_difference(steps: Sequence[Step]) -> Step | None:
    """The first step that differs; None when none does."""
    return next((step for step in steps if step.state == "differs"), None)


def parting_line(labels: tuple[str, str], runs: tuple[Run, Run], steps: Sequence[Step], chunks: int) -> str:
    """Where the right run parts from the left one, or that it does not: "v2 parts from v1 at summarized_text".

    Args:
        labels: What the left and the right run are called.
        runs: Both of them.
        steps: Theirs, in the order of the chain; not empty.
        chunks: How many pieces the document is read in.
    """
    left, right = labels
    first = first_difference(steps)
    before = steps[: steps.index(first)] if first else steps
    missing = sum(step.state == "not reached" for step in before)
    if first:
        line = f"{right} parts from {left} at {place(first, chunks)}"
        return f"{line}, with {_counted(missing)} before it not reached" if missing else line
    if missing == len(steps):
        return f"No step was reached by both {left} and {right}"
    if missing:
        both = f"{_counted(len(steps) - missing)} that both came to"
        return f"{left} and {right} are identical in the {both}, with {_counted(missing)} not reached"
    everywhere = f"in all {_counted(len(steps))}" if len(steps) > 1 else "in the one step there is"
    if runs[0].prompts != runs[1].prompts:
        return f"{left} and {right} differ in their prompts only: they are identical {everywhere}"
    return f"{left} and {right} are identical {everywhere}"


def place(step: Step, chunks: int) -> str:
    """Which step it is: "chunk 7 of summarized_chunks", or the node's name when it gives one text."""
    return step.node if step.index is None else f"{noun(step, chunks)} {step.index + 1} of {step.node}"


def noun(step: Step, chunks: int) -> str:
    """What an item of the step's node is: a "chunk" where there is one for each, else an "item"."""
    return "chunk" if step.total == chunks else "item"


def pages_read(pages: tuple[int, int]) -> str:
    """First and last page as a text: "page 3", "pages 2 to 3"."""
    first, last = pages
    return f"page {first}" if first == last else f"pages {first} to {last}"


def _counted(steps: int) -> str:
    return f"{steps:,} step{'' if steps == 1 else 's'}"
