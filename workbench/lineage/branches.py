"""Lay out a tree as lines: the way to the newest version stays at the margin, what branches off it is indented."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Placed:
    """Where a node is drawn."""

    key: str
    parent: str
    """Key of its parent; empty for a root."""
    depth: int
    """How often one has to branch off to get there, so that a line of 60 versions is as wide as one of two."""


def in_order(
    keys: Iterable[str], wanted: Mapping[str, Sequence[str]], trunk: Sequence[str], first_at: Mapping[str, float]
) -> list[Placed]:
    """All nodes, each after its parent: its branches right below it, then what goes on at its own depth.

    Args:
        keys: Of the nodes.
        wanted: Key -> where its parent may be, the likeliest first; the first that is a node and gives no circle is it.
        trunk: Keys of the nodes that can go on at the depth of their parent, the newest last.
        first_at: Key -> its time, by which branches are sorted.
    """
    parents = _parents(list(keys), wanted)
    rank = _ranks(trunk, parents)
    children: dict[str, list[str]] = {}
    for key, parent in parents.items():
        children.setdefault(parent, []).append(key)
    for own in children.values():
        own.sort(key=lambda key: (rank.get(key, -1), first_at.get(key, 0.0), key))
    roots = sorted(children.get("", []), key=lambda key: -rank.get(key, -1))  # of unknown origin: the last
    placed: list[Placed] = []
    ahead = [(key, 0) for key in reversed(roots)]
    while ahead:  # a line of versions may be longer than Python's stack
        key, depth = ahead.pop()
        placed.append(Placed(key, parents[key], depth))
        below = children.get(key, [])
        goes_on = [own for own in below[-1:] if own in rank]
        branches = [own for own in below if own not in goes_on]
        ahead += [(own, depth) for own in goes_on] + [(own, depth + 1) for own in reversed(branches)]
    return placed


def _ranks(trunk: Sequence[str], parents: Mapping[str, str]) -> dict[str, int]:
    """Key -> place in the trunk of the newest node that it leads to; nothing for those that lead to none."""
    ranks: dict[str, int] = {}
    for place in reversed(range(len(trunk))):
        key = trunk[place]
        while key and key not in ranks:
            ranks[key] = place
            key = parents[key]
    return ranks


def _parents(keys: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    parents = dict.fromkeys(keys, "")
    for key in keys:
        parents[key] = next(
            (own for own in wanted.get(key, ()) if own in parents and not _leads(own, key, parents)), ""
        )
    return parents


def _leads(start: str, to: str, parents: Mapping[str, str]) -> bool:
    """Whether the way up from a node comes by another one."""
    while start:
        if start == to:
            return True
        start = parents[start]
    return False
