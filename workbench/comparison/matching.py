"""Two sequences of pieces of text laid side by side: what is equal, and what stands in place of what."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

# Matching takes a bit of memory per pair of pieces: 50 MB.
_MOST_PAIRS = 400_000_000


class Hunk(NamedTuple):
    """What one text has in the place of what the other has, and what both have after it; each may be empty."""

    removed: str
    added: str
    same: str


def matched(left: Sequence[str], right: Sequence[str]) -> list[Hunk]:
    """Both sequences by their longest common subsequence; by their equal ends only when they are too long for it."""
    return list(joined(_matched(left, right)))


def joined(hunks: Iterable[Hunk]) -> Iterator[Hunk]:
    """The same difference with no empty piece between two others."""
    removed: list[str] = []
    added: list[str] = []
    same: list[str] = []
    for hunk in hunks:
        if (hunk.removed or hunk.added) and same:
            yield Hunk("".join(removed), "".join(added), "".join(same))
            removed, added, same = [], [], []
        for texts, text in ((removed, hunk.removed), (added, hunk.added), (same, hunk.same)):
            if text:
                texts.append(text)
    yield Hunk("".join(removed), "".join(added), "".join(same))


def _matched(left: Sequence[str], right: Sequence[str]) -> Iterator[Hunk]:
    shorter = min(len(left), len(right))
    head = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    tail = next((at for at in range(shorter - head) if left[-1 - at] != right[-1 - at]), shorter - head)
    yield Hunk("", "", "".join(left[:head]))
    left_rest, right_rest = left[head : len(left) - tail], right[head : len(right) - tail]
    if len(left_rest) * len(right_rest) > _MOST_PAIRS:
        yield Hunk("".join(left_rest), "".join(right_rest), "")
    else:
        # Numbers and not hashes, so that two pieces can't be taken for one.
        numbers: dict[str, int] = {}
        coded = [[numbers.setdefault(piece, len(numbers)) for piece in rest] for rest in (left_rest, right_rest)]
        for step in Indel.opcodes(*coded):
            from_left = "".join(left_rest[step.src_start : step.src_end])
            from_right = "".join(right_rest[step.dest_start : step.dest_end])
            yield Hunk("", "", from_left) if step.tag == "equal" else Hunk(from_left, from_right, "")
    yield Hunk("", "", "".join(left[len(left) - tail :]))
