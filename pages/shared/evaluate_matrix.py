"""The matrix one can click: a row per case, a column per variant. The browser draws the rows of one page."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_matrix = st.components.v2.component(
    "evaluate_matrix",
    css=(_HERE / "evaluate_matrix.css").read_text("utf-8"),
    js=(_HERE / "evaluate_matrix.js").read_text("utf-8"),
)

Place = tuple[int, int]
"""(row, column), from 0."""


@dataclass(frozen=True)
class Head:
    """What stands over a column."""

    label: str
    said: str
    """How many cases pass."""
    is_baseline: bool


@dataclass(frozen=True)
class Box:
    """What a cell shows; every text of it is shown as it is."""

    tone: str
    """ "good", "part", "bad", "running", "stopped" or "open"."""
    mark: str
    """The same as a sign, for who can't tell the colours apart."""
    text: str
    """ "7 of 8 pass"."""
    change: str = ""
    """Against the baseline: "regressed" or "gained"."""


@dataclass(frozen=True)
class Line:
    """A case with what came of it."""

    name: str
    detail: str
    """Its document and tags."""
    boxes: tuple[Box, ...]


def evaluate_matrix(key: str, heads: Sequence[Head], lines: Sequence[Line], selected: Place | None) -> Place | None:
    """Show the matrix and give the cell that was just clicked, or opened by Enter; None when none was.

    A test drives it with `at.session_state[key] = {"chosen": {"row": 3, "column": 1}}`.

    Args:
        key: Of the element.
        heads: Of the columns.
        lines: Of the page.
        selected: The cell to outline.
    """
    data = {
        "heads": [asdict(head) for head in heads],
        "lines": [asdict(line) for line in lines],
        "selected": list(selected) if selected else None,
    }
    return _place(_matrix(key=key, data=data, on_chosen_change=lambda: None), len(lines), len(heads))


def _place(state: Any, rows: int, columns: int) -> Place | None:
    match state:
        case {"chosen": {"row": int(row), "column": int(column)}} if 0 <= row < rows and 0 <= column < columns:
            return row, column
    return None
