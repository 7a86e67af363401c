"""Votes of two arms that came in at the same time, set against each other.

Rates drift by hour and day. Where one arm gets a tenth of the traffic, or weights were changed, its first votes are not
of the time of the other's first votes; so votes are cut into blocks that have both, and means of a block are compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.ab.figures import Vote

_BLOCKS_OF_ONE_SIZE = 500


@dataclass(frozen=True)
class Block:
    """Means of the votes of both arms from one stretch of time."""

    control: float
    candidate: float
    at: float
    """When it was full, in seconds since 1970-01-01 UTC."""


def blocks_of(votes: Iterable[Vote], control: str, candidate: str) -> list[Block]:
    """Full blocks, in order; one is full as soon as it has so many votes of both arms as its number asks for.

    The first 500 need one vote of each arm, the next 500 two, and so on. That is settled before any vote is seen, so
    more votes never change a block. Votes of other arms don't matter; those of a block that isn't full wait.
    """
    blocks: list[Block] = []
    waiting: dict[str, list[float]] = {control: [], candidate: []}
    for vote in votes:
        if vote.arm not in waiting:
            continue
        waiting[vote.arm].append(vote.value)
        if min(map(len, waiting.values())) > len(blocks) // _BLOCKS_OF_ONE_SIZE:
            blocks.append(Block(_mean(waiting[control]), _mean(waiting[candidate]), vote.at))
            waiting = {control: [], candidate: []}
    return blocks


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
