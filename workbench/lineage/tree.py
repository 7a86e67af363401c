"""The texts of one prompt as a tree: which text was made from which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workbench.lineage.branches import in_order
from workbench.lineage.origins import parent_label
from workbench.lineage.ran import RanText
from workbench.lineage.texts import key_of
from workbench.records import Prompt, Version

Kind = Literal["version", "draft", "former", "service"]

MOST_TEXTS = 200
"""Beside those of versions, the ones that were used last."""


@dataclass(frozen=True)
class TextNode:
    """One text of the prompt, however many versions and drafts have it."""

    key: str
    """See key_of."""
    kind: Kind
    """ "version": it is in one now; "former": it was in one when it ran; "service": a service sent it, and no version
    has it."""
    labels: tuple[str, ...]
    """Of the versions that have it; of a draft or a former version, what it was called when it ran last."""
    prompt: Prompt | None
    """None where nobody kept the text."""
    base: str = ""
    """Label of the version it began as; empty where that isn't known."""
    parent: str = ""
    """Key of the text it was made from; empty for the first, and where that text isn't known."""
    drafts: tuple[str, ...] = ()
    """Of a version: drafts of other texts that had this one when they ran, before it was exported from them."""
    hashes: tuple[str, ...] = ()
    """SHA-256 of what runs sent, the most used first: one for each set of values of its parameters."""
    first_at: float = 0.0
    """When it ran first, in seconds since the epoch; 0: it never did."""

    @property
    def name(self) -> str:
        """What it is called: its labels, or what it was called when it ran."""
        return ", ".join(self.labels)


@dataclass(frozen=True)
class Tree:
    """Texts in the order they are drawn: each after the one it was made from."""

    nodes: tuple[TextNode, ...] = ()
    depths: Mapping[str, int] = field(default_factory=dict)
    """Key -> how far it is indented: 0 for what leads to the newest version, 1 for what branches off it."""
    left_out: int = 0
    """Texts that ran but are not among the nodes."""


def tree_of(name: str, versions: Mapping[str, Version], ran: Sequence[RanText]) -> Tree:
    """The tree of a prompt.

    Two versions with the same text are one node with both labels. A version's parent is the one its provenance names,
    else the one before it; a draft's is the version it began as, as that was when it ran.

    Args:
        name: Of the prompt.
        versions: Label -> version, in their order.
        ran: What its runs sent, see ran_texts; what was sent last first.
    """
    labels: dict[str, list[str]] = {}
    for label, version in versions.items():
        if name in version.prompts:
            labels.setdefault(key_of(version.prompts[name], version.sha256), []).append(label)
    seen: dict[str, list[RanText]] = {}
    for own in ran:
        seen.setdefault(own.key, []).append(own)
    of_label = {label: key for key, named in labels.items() for label in named}
    nodes = {key: _of_versions(name, key, named, versions, seen.get(key, [])) for key, named in labels.items()}
    others = [key for key in seen if key not in nodes]
    nodes |= {key: _of_runs(key, seen[key]) for key in others[:MOST_TEXTS]}
    wanted: dict[str, list[str]] = {}
    for key, node in nodes.items():
        by_label = [of_label.get(own, "") for own in _parent_labels(node, versions)]
        wanted[key] = [own.base_key for own in seen[key]] + by_label if node.kind == "draft" else by_label
    # Versions of a store branch off: where both go on from one text, the merged ones stay at the margin.
    trunk = sorted(labels, key=lambda key: any(versions[own].origin == "module" for own in labels[key]))
    order = in_order(nodes, wanted, trunk=trunk, first_at={key: own.first_at for key, own in nodes.items()})
    placed = tuple(_with_parent(nodes[own.key], own.parent) for own in order)
    return Tree(placed, {own.key: own.depth for own in order}, len(others) - len(others[:MOST_TEXTS]))


def _of_versions(
    name: str, key: str, labels: Sequence[str], versions: Mapping[str, Version], seen: Sequence[RanText]
) -> TextNode:
    drafts = [own.sent.variant for own in seen if own.sent.is_draft and own.sent.base not in labels]
    return TextNode(
        key,
        "version",
        tuple(labels),
        versions[labels[0]].prompts[name],
        base=parent_label(versions[labels[0]], versions),
        drafts=tuple(dict.fromkeys(drafts)),
        hashes=_hashes(seen),
        first_at=min((own.sent.first_at for own in seen), default=0.0),
    )


def _of_runs(key: str, seen: Sequence[RanText]) -> TextNode:
    newest = seen[0].sent
    drafted = next((own.sent for own in seen if own.sent.is_draft and own.base_key != key), None)
    told = drafted or newest
    return TextNode(
        key,
        "draft" if drafted else "service" if all(own.sent.is_service for own in seen) else "former",
        (told.variant,),
        next((own.prompt for own in seen if own.prompt), None),
        base=told.base,
        hashes=_hashes(seen),
        first_at=min(own.sent.first_at for own in seen),
    )


def _parent_labels(node: TextNode, versions: Mapping[str, Version]) -> Iterable[str]:
    """Where its parent may be, the likeliest first."""
    if node.kind == "version":  # an old text that came back was made when it was first there
        return [parent_label(versions[label], versions) for label in node.labels] if node.base else []
    return [node.base, *node.labels, *(f"store:{own}" for own in (node.base, *node.labels))]


def _hashes(seen: Sequence[RanText]) -> tuple[str, ...]:
    runs: dict[str, int] = {}
    for own in seen:
        runs[own.sent.sha256] = runs.get(own.sent.sha256, 0) + own.sent.runs
    return tuple(sorted(runs, key=lambda sha256: (-runs[sha256], sha256)))


def _with_parent(node: TextNode, parent: str) -> TextNode:
    return TextNode(**{**vars(node), "parent": parent})
