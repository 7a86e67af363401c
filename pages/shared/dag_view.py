"""The DAG as a drawing one can click: DOT text in, the chosen node out. The browser lays it out, no binary does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_view = st.components.v2.component(
    "dag_view",
    css=(_HERE / "dag_view.css").read_text("utf-8"),
    # One module: it runs from an address of its own, from which it could import nothing of ours.
    js="".join((_HERE / name).read_text("utf-8") for name in ("pan_zoom.js", "dag_view.js")),
)


@dataclass(frozen=True)
class Choice:
    """What is chosen in the drawing."""

    selected: str | None
    """Name of a node; it came from the browser, so look it up before use."""


def dag_view(
    key: str,
    *,
    dot: str,
    selected: str | None,
    lit: Sequence[str] = (),
    marks: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    height: int = 360,
    on_select: Callable[[str], None] | None = None,
) -> Choice:
    """Show the drawing and give what is chosen: the node just clicked, else the given one.

    A test drives it with `at.session_state[key] = {"selected": "name"}`.

    Args:
        key: Of the element.
        dot: As of workbench.graphs.dot.dot_text; it is laid out anew only when it changes.
        selected: Name of the node to outline.
        lit: Names of nodes to light up, with the edges between them.
        marks: Name -> (what happens to the node, as a class name; the words below it).
        height: In pixels.
        on_select: Called with the name of a clicked node before the script runs.
    """

    def chosen() -> None:
        name = _name(st.session_state.get(key))
        if on_select and name:
            on_select(name)

    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    data = {
        "dot": dot,
        "selected": selected,
        "lit": list(lit),
        "marks": {name: list(mark) for name, mark in marks.items()},
        "height": height,
        "viz": f"/{base}/app/static/viz.js" if base else "/app/static/viz.js",
    }
    state = _view(key=key, data=data, on_selected_change=chosen)
    return Choice(_name(state) or selected)


def _name(state: Any) -> str | None:
    match state:
        case {"selected": str(name)}:
            return name
    return None
