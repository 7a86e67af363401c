"""The DAG of a driver as DOT text: Hamilton's own drawing, with a class and an id on every node."""

from collections.abc import Collection
from html import escape
from typing import Any, Literal

from hamilton.driver import Driver
from hamilton.htypes import get_type_as_string
from hamilton.node import Node

_ROOM = "0.2,0.1"  # in inches; with less, the border touches the two-line labels
_APART = "0.4"  # in inches; words may stand below each node
_INPUT = {"shape": "rectangle", "style": "filled,dashed", "fontname": "Helvetica"}


def dot_text(
    driver: Driver,
    *,
    prompts: Collection[str],
    outputs: Collection[str],
    shared: Collection[str],
    show_inputs: bool,
    orient: Literal["LR", "TB"],
) -> str:
    """The DAG as DOT, the same text in every process.

    A node has the id "n-<name>" and the classes "prompt", "shared" or "varies", and "output" where they hold. The other
    inputs of a node stand in one box named "_<node>_inputs" of class "input", as Hamilton draws them; a prompt that is
    an input has a box of its own, of classes "prompt" and "input", and is drawn even without the inputs.

    Args:
        driver: A built driver.
        prompts: Names of the prompts, nodes or inputs.
        outputs: Names of the nodes a run returns.
        shared: Names of the nodes that are the same for all variants.
        show_inputs: Whether inputs that are no prompts are drawn.
        orient: Left to right, or top to bottom.
    """

    def look(*, node: Any, node_class: str) -> tuple[dict[str, str], str, None]:
        kinds = ["prompt"] if node.name in prompts else []
        kinds.append("shared" if node.name in shared else "varies")
        if node.name in outputs:
            kinds.append("output")
        return {"class": " ".join(kinds), "id": f"n-{node.name}", "margin": _ROOM}, node_class, None

    digraph = driver.display_all_functions(
        show_legend=False, show_schema=False, hide_inputs=True, orient=orient, custom_style_function=look
    )
    digraph.graph_attr["nodesep"] = _APART
    for node in driver.graph.get_nodes():
        inputs = sorted(filter(_is_input, node.dependencies), key=lambda needed: needed.name)
        for needed in inputs:
            if needed.name in prompts:
                kinds = {"class": "prompt input", "id": f"n-{needed.name}", "margin": _ROOM}
                digraph.node(needed.name, label=_prompt_label(needed), **_INPUT, **kinds)
                digraph.edge(needed.name, node.name)
        others = [needed for needed in inputs if needed.name not in prompts]
        if show_inputs and others:
            box = f"_{node.name}_inputs"
            digraph.node(box, label=_rows(others), **_INPUT, **{"class": "input", "margin": "0.15"})
            digraph.edge(box, node.name)
    # Hamilton walks sets, so its lines come in another order in every process.
    digraph.body[:] = sorted(set(digraph.body))
    return str(digraph.source)


def _is_input(node: Node) -> bool:
    return bool(node.user_defined)


def _prompt_label(node: Node) -> str:
    return f"<<b>{escape(node.name)}</b><br /><br /><i>{escape(_type(node))}</i>>"


def _rows(nodes: Collection[Node]) -> str:
    rows = (f"<tr><td>{escape(node.name)}</td><td>{escape(_type(node))}</td></tr>" for node in nodes)
    return f'<<table border="0">{"".join(rows)}</table>>'


def _type(node: Node) -> str:
    return get_type_as_string(node.type) or ""
