"""Which of a tree's texts are drawn: of many drafts below one text the last few, so that versions stay in sight."""

from collections.abc import Collection
from dataclasses import dataclass

from workbench.lineage.tree import TextNode, Tree

_DRAWN = 5


@dataclass(frozen=True)
class Fold:
    """Texts that are not drawn, in the place of the first of them."""

    parent: str
    """Key of the text they stand below; empty where they stand below none."""
    count: int
    depth: int


def unfolded_rows(tree: Tree, opened: Collection[str], chosen: TextNode | None) -> list[TextNode | Fold]:
    """The lines to draw, in the tree's order.

    Args:
        tree: The whole one.
        opened: Keys of texts below which everything is drawn.
        chosen: A text that is drawn in any case.
    """
    below: dict[str, list[TextNode]] = {}
    has_branches = {own.parent for own in tree.nodes}
    for own in tree.nodes:
        if own.kind != "version" and own.key not in has_branches:
            below.setdefault(own.parent, []).append(own)
    hidden: dict[str, Fold] = {}
    for parent, nodes in below.items():
        gone = [own for own in nodes[:-_DRAWN] if own is not chosen] if parent not in opened else []
        if len(gone) > 1:  # a fold takes as much room as one text
            hidden |= {own.key: Fold(parent, len(gone), tree.depths[own.key]) for own in gone}
    rows: list[TextNode | Fold] = []
    for own in tree.nodes:
        fold = hidden.get(own.key)
        if fold is None:
            rows.append(own)
        elif fold not in rows:
            rows.append(fold)
    return rows
