"""The steps of two runs as a strip of cells one can click: a row per node, a cell per item. The browser lays it out."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import streamlit as st

from workbench.comparison.parting import noun
from workbench.comparison.steps import Step

_HERE = Path(__file__).parent
_strip = st.components.v2.component(
    "step_strip",
    css=(_HERE / "step_strip.css").read_text("utf-8"),
    # One module: it runs from an address of its own, from which it could import nothing of ours.
    js="".join((_HERE / name).read_text("utf-8") for name in ("step_cells.js", "step_strip.js")),
)

Place = tuple[str, int | None]
"""(node, position in its list); it came from the browser, so look it up before use."""


def step_strip(
    key: str,
    *,
    steps: Sequence[Step],
    pages: Sequence[tuple[int, int]],
    selected: Step,
    on_choose: Callable[[Place], None] | None = None,
) -> Place:
    """Show the strip and give what is chosen: the step just clicked, else the given one.

    A test drives it with `at.session_state[key] = {"chosen": {"node": "name", "index": 3}}`.

    Args:
        key: Of the element.
        steps: In the order of the chain.
        pages: First and last page of each chunk of the document.
        selected: The step to outline.
        on_choose: Called with the place of a clicked step before the script runs.
    """

    def chosen() -> None:
        place = _place(st.session_state.get(key))
        if on_choose and place:
            on_choose(place)

    data = {
        "rows": [_row(node, list(own), len(pages)) for node, own in groupby(steps, lambda step: step.node)],
        "pages": [list(pair) for pair in pages],
        "selected": {"node": selected.node, "index": selected.index},
    }
    state = _strip(key=key, data=data, on_chosen_change=chosen)
    return _place(state) or (selected.node, selected.index)


def _row(node: str, steps: Sequence[Step], chunks: int) -> dict[str, Any]:
    """A node for the browser; the state of each of its items is its first letter."""
    return {
        "node": node,
        "states": "".join(step.state[0] for step in steps),
        "list": steps[0].index is not None,
        "noun": noun(steps[0], chunks),
        "said": _said(steps),
    }


def _said(steps: Sequence[Step]) -> str:
    """How a node stands: "12 of 40 differ, 3 not reached", "all 40 same"; of a single value, its state."""
    total = len(steps)
    if total == 1:
        return steps[0].state
    counts = Counter(step.state for step in steps)
    differing, missing = counts["differs"], counts["not reached"]
    if not differing and not missing:
        return f"all {total:,} same"
    if not differing:
        return f"{missing:,} of {total:,} not reached"
    said = f"{differing:,} of {total:,} differ{'s' if differing == 1 else ''}"
    return f"{said}, {missing:,} not reached" if missing else said


def _place(state: Any) -> Place | None:
    match state:
        case {"chosen": {"node": str(node), "index": int() | None as index}}:
            return node, index
    return None
