"""A matrix of runs one can click: a row per version of one prompt, a column per version of another."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_matrix = st.components.v2.component(
    "grid_matrix",
    css=(_HERE / "grid_matrix.css").read_text("utf-8"),
    js=(_HERE / "grid_matrix.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class MatrixCell:
    """What a cell shows; every text of it is shown as it is."""

    status: str
    """ "Done · 1.3 s"."""
    tone: str
    """ "running", "done", "failed", "stopped" or "muted"."""
    steps: tuple[tuple[str, int], ...]
    """(state, how many model calls are in it), in the order of the bar."""
    figures: str = ""
    words: str = ""
    """The first words of the answer."""
    parting: str = ""
    """Where it parts from the baseline."""
    parts: bool = False
    """Whether it does."""


def grid_matrix(
    key: str,
    *,
    rows: tuple[str, Sequence[str]],
    columns: tuple[str, Sequence[str]],
    cells: Sequence[MatrixCell],
    baseline: int,
    selected: int,
    on_choose: Callable[[int], None] | None = None,
) -> int:
    """Show the matrix and give the position of the chosen cell: the one just clicked, else the given one.

    A test drives it with `at.session_state[key] = {"chosen": 3}`.

    Args:
        key: Of the element.
        rows: What goes down: the name of a prompt, and labels of its versions.
        columns: What goes across, the same.
        cells: Row by row.
        baseline: Position of the cell the others are compared with.
        selected: Position of the cell to outline; -1 outlines none.
        on_choose: Called with the position of a clicked cell before the script runs.
    """

    def chosen() -> None:
        position = _position(st.session_state.get(key), len(cells))
        if on_choose and position is not None:
            on_choose(position)

    data = {
        "rows": {"prompt": rows[0], "labels": list(rows[1])},
        "columns": {"prompt": columns[0], "labels": list(columns[1])},
        "cells": [asdict(cell) for cell in cells],
        "baseline": baseline,
        "selected": selected,
    }
    clicked = _position(_matrix(key=key, data=data, on_chosen_change=chosen), len(cells))
    return selected if clicked is None else clicked


def _position(state: Any, count: int) -> int | None:
    match state:
        case {"chosen": int(position)} if 0 <= position < count:
            return position
    return None
