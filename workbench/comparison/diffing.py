"""The word-by-word difference of two texts: sentences are matched first, then words inside what is left.

Two levels keep it fast, since matching costs the product of both lengths, and legible, since few words are matched
with equal ones far away. Chinese and Japanese have no blanks between words and are compared character by character.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from workbench.comparison.matching import Hunk, joined, matched

SENTENCES_ONLY = 200_000
"""Of a text longer than this, in characters, whole sentences are marked."""

# Two texts with less in common read better as one replacement than as shreds.
_LEAST_ALIKE = 0.35
# Between two changes, in Latin letters; a Chinese or Japanese character says as much as three.
_SHORT = 12

_CJK = "々〇\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
# Marks and joiners stay with the letter before them; a change would tear the character apart otherwise.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0980-\u0dff\u0e31-\u0e4e"
    "\u20d0-\u20ff\u200d\ufe0f"
)
_WORD = f"[{_CJK}][\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*|(?:[^\\W{_CJK}]|[{_MARKS}])+"
_WORDS = re.compile(_WORD)
_TOKENS = re.compile(f"{_WORD}|\r?\n|[^\\S\n]+|.", re.DOTALL)
_IDEOGRAPHS = re.compile(f"[{_CJK}]")
_SENTENCE_END = re.compile("(?:[.!?][\"')\\]”’]*[^\\S\n]|[。！？｡][」』”）]*|\n)\\s*")
_LONGEST_END = 4


@dataclass(frozen=True)
class Change:
    """A piece of both texts, or of one of them."""

    kind: Literal["same", "removed", "added"]
    text: str
    """Never empty."""


def diff_words(left: str, right: str) -> list[Change]:
    """The changes from left to right, in order.

    The "same" and "removed" pieces joined are left, the "same" and "added" ones right. Where one replaces the other,
    the removed piece comes first.
    """
    long = max(len(left), len(right)) > SENTENCES_ONLY
    hunks = []
    for hunk in matched(_sentences(left), _sentences(right)):
        hunks += [hunk] if long else [*_words_inside(hunk.removed, hunk.added), Hunk("", "", hunk.same)]
    changes = []
    for hunk in _without_shreds(joined(hunks)):
        pieces = (Change("removed", hunk.removed), Change("added", hunk.added), Change("same", hunk.same))
        changes += [change for change in pieces if change.text]
    return changes


def counts(changes: Iterable[Change]) -> tuple[int, int]:
    """How many words were removed and added; of Chinese and Japanese, characters."""
    words = {"same": 0, "removed": 0, "added": 0}
    for change in changes:
        words[change.kind] += len(_WORDS.findall(change.text))
    return words["removed"], words["added"]


def _sentences(text: str) -> list[str]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)]) if start < end]


def _words_inside(removed: str, added: str) -> list[Hunk]:
    if not removed or not added:
        return [Hunk(removed, added, "")]
    hunks = matched(_TOKENS.findall(removed), _TOKENS.findall(added))
    alike = sum(_visible(hunk.same) for hunk in hunks)
    if 2 * alike < _LEAST_ALIKE * (_visible(removed) + _visible(added)):
        return [Hunk(removed, added, "")]
    return hunks


def _visible(text: str) -> int:
    return sum(map(len, text.split()))


def _without_shreds(hunks: Iterable[Hunk]) -> list[Hunk]:
    """The same difference; changes with little between them, within one sentence, are made one."""
    merged: list[Hunk] = []
    for hunk in hunks:
        if merged and _is_shred(merged[-1], hunk):
            last = merged.pop()
            hunk = Hunk(last.removed + last.same + hunk.removed, last.added + last.same + hunk.added, hunk.same)
        merged.append(hunk)
    return merged


def _is_shred(before: Hunk, after: Hunk) -> bool:
    """Whether what is same between two changes is too little to be told apart."""
    if not (before.removed or before.added) or not (after.removed or after.added) or len(before.same) > 2 * _SHORT:
        return False
    for left, right in ((before.removed, after.removed), (before.added, after.added)):
        if _SENTENCE_END.search(left[-_LONGEST_END:] + before.same + right[:1]):
            return False
    least = min(_weight(before.removed, before.added), _weight(after.removed, after.added), _SHORT)
    return not before.same.strip() or _weight(before.same) <= least


def _weight(*texts: str) -> int:
    """Of the longest text, in Latin letters; exact only up to what counts as short."""
    starts = [text[: 2 * _SHORT].strip() for text in texts]
    return max(len(start) + 2 * len(_IDEOGRAPHS.findall(start)) for start in starts)
