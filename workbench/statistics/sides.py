"""Which of two outputs stands on the left: balanced, and not to be guessed."""

import random
import secrets
from collections.abc import Iterator
from itertools import islice

from workbench.errors import InputError

BLOCKS = (4, 6, 8)
"""A block has each side half the time; its length is drawn too, so that its end can't be told."""


def drawn_sides(source: random.Random | None = None) -> Iterator[bool]:
    """Without end: whether the baseline stands on the left.

    After any number of pairs the two sides differ by at most 4. Keep what was drawn with the vote; it can't be drawn
    again.

    Args:
        source: Of chance; None is the operating system's, which nobody can predict.

    Source: permuted blocks of random length, ICH E9 1998, 2.3.2.
    """
    chance = source or secrets.SystemRandom()
    while True:
        half = chance.choice(BLOCKS) // 2
        block = [True] * half + [False] * half
        chance.shuffle(block)
        yield from block


def sides_for(n: int, source: random.Random | None = None) -> list[bool]:
    """Whether the baseline stands on the left, for n pairs.

    Args:
        n: At least 0.
        source: As for drawn_sides().

    Raises:
        InputError: n is below 0.
    """
    if n < 0:
        raise InputError(f"sides were asked for {n} pairs; at least 0 can be drawn")
    return list(islice(drawn_sides(source), n))
