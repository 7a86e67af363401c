"""The progress of a run as a strip of segments."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from pages.shared.escaping import escaped

State = Literal["waiting", "running", "done", "reused", "failed", "stopped"]

MOST_SEGMENTS = 60
_MOST_FAILED = 40
_STATES: tuple[State, ...] = ("done", "reused", "failed", "stopped", "running", "waiting")


def segments_html(steps: Sequence[str], label: str, tips: Sequence[str] = ()) -> str:
    """A segment per chunk and a wide one for the last step; over 60 steps, one bar with counts, where each failed
    step is still a segment of its own.

    Args:
        steps: The state of each step, in order; the last one puts the others together.
        label: What makes progress, for screen readers.
        tips: What became of each step, to be read when it is pointed at.
    """
    known: list[str] = [step if step in _STATES else "waiting" for step in steps]
    counts = Counter(known)
    over = len(steps) - counts["waiting"] - counts["running"]
    said = ", ".join(f"{counts[state]} {state}" for state in _STATES if counts[state])
    if len(steps) > MOST_SEGMENTS:
        parts = f'<span class="wb-bar">{_bar(known, counts, tips)}</span>'
        parts += f'<span class="wb-counts">{over:,} of {len(steps):,}</span>'
    else:
        shown = [*tips, *[""] * (len(known) - len(tips))]
        parts = "".join(_segment(step, tip) for step, tip in zip(known, shown, strict=False))
    return (
        f'<div class="wb-segments" role="progressbar" aria-label="{escaped(label)}" aria-valuemin="0" '
        f'aria-valuemax="{len(steps)}" aria-valuenow="{over}" aria-valuetext="{said}">{parts}</div>'
    )


def _bar(steps: Sequence[str], counts: Counter[str], tips: Sequence[str]) -> str:
    alone = [tip for step, tip in zip(steps, tips, strict=False) if step == "failed"]
    parts = []
    for state in _STATES:
        if state == "failed" and 0 < len(alone) <= _MOST_FAILED:
            parts += [_segment(state, tip) for tip in alone]
        elif counts[state]:
            parts.append(_segment(state, f"{counts[state]:,} {state}", counts[state]))
    return "".join(parts)


def _segment(state: str, tip: str, room: int = 0) -> str:
    title = f' title="{escaped(tip)}"' if tip else ""
    style = f' style="flex-grow:{room}"' if room else ""
    return f'<span class="wb-segment wb-{state}"{title}{style}></span>'
