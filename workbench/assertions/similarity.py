"""How near a text is to another: edits, and words in common."""

import re
from collections import Counter

# A word may have hyphens, points, commas and apostrophes inside; other punctuation counts as words of its own.
_TOKEN = re.compile(r"\w+(?:[-.,'’]\w+)*|[^\w\s]")
# Comparisons; rapidfuzz does some fifteen thousand million a second.
_MOST_WORK = 10_000_000_000


def count_edits(one: str, other: str, limit: int) -> int | None:
    """The Levenshtein distance, or None when it is more than the limit.

    Raises:
        ValueError: The texts are so long, and the limit so high, that it takes seconds.
    """
    if abs(len(one) - len(other)) > limit:
        return None
    shorter, longer = sorted((len(one), len(other)))
    # Only what is at most so many edits off the diagonal has to be looked at.
    if shorter * min(longer, 2 * limit + 1) > _MOST_WORK:
        raise ValueError(f"texts of {shorter:,} and {longer:,} characters take too long for {limit:,} edits")
    from rapidfuzz.distance import Levenshtein

    edits = int(Levenshtein.distance(one, other, score_cutoff=limit))
    return edits if edits <= limit else None


def rouge_1(candidate: str, reference: str) -> float:
    """ROUGE-1 as F1, in lower case, each word counted as often as both texts have it; 0 when one has none.

    Source: Lin 2004, section 2; promptfoo, test/assertions/rouge.test.ts, for F1, lower case and counting.
    """
    ours, theirs = (Counter(_TOKEN.findall(text.lower())) for text in (candidate, reference))
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 0.0
