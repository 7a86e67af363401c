"""How much the passages of a document have to do with a question.

Source: BM25, Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with 1 added inside
of the logarithm, so that no weight is negative. Endings: Harman 1991, "How effective is suffixing?", the S stemmer.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_K1 = 1.2
_B = 0.75
_SELDOM_TELLING = 0.25
"""Weight of two hiragana: mostly endings and particles."""
_HIRAGANA = re.compile("[\u3040-\u309f]{2}")
# Few passages can't tell by themselves which words are common.
_COMMON = frozenset(
    [
        *("a", "about", "an", "and", "any", "are", "as", "at", "be", "by", "can", "did", "do", "does", "for", "from"),
        *("had", "has", "have", "how", "if", "in", "is", "it", "its", "may", "of", "on", "or", "so", "than", "that"),
        *("the", "their", "there", "these", "they", "this", "to", "was", "were", "what", "when", "where", "which"),
        *("who", "whom", "why", "will", "with", "would", "you", "your"),
    ]
)
_UNSPACED = "\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|[^\W_{_UNSPACED}]+")


def relevance(question: str, passages: Sequence[str]) -> list[float]:
    """One figure per passage, in their order: 0 where it shares no term with the question, else the more the better."""
    counts = [Counter(terms(passage)) for passage in passages]
    lengths = [count.total() for count in counts]
    usual = sum(lengths) / len(lengths) if any(lengths) else 1.0
    weights = {
        term: _tells(term) * math.log(1 + (len(counts) - found + 0.5) / (found + 0.5))
        for term in set(terms(question))
        if (found := sum(term in count for count in counts))
    }
    return [
        sum(weight * _share(count[term], length / usual) for term, weight in sorted(weights.items()) if term in count)
        for count, length in zip(counts, lengths, strict=True)
    ]


def most_relevant(question: str, passages: Sequence[str], most: int) -> list[int]:
    """Positions of the most relevant passages, in the order of the document; the earlier of equals."""
    figures = relevance(question, passages)
    ranked = sorted(range(len(passages)), key=lambda position: (-figures[position], position))
    return sorted(ranked[: max(most, 0)])


def terms(text: str) -> list[str]:
    """The words of a text without plural endings and common English ones; in Japanese, every two neighbours."""
    found = []
    for run in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        word = run.group()
        if not run["unspaced"]:
            found += [] if word in _COMMON else [_singular(word)]
        elif len(word) == 1:
            found.append(word)
        else:
            found += [word[start : start + 2] for start in range(len(word) - 1)]
    return found


def _tells(term: str) -> float:
    return _SELDOM_TELLING if _HIRAGANA.fullmatch(term) else 1.0


def _share(count: int, length: float) -> float:
    return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length))


def _singular(word: str) -> str:
    if len(word) > 3 and word.isascii():
        if word.endswith("ies") and word[-4] not in "ea":
            return f"{word[:-3]}y"
        if word.endswith("es") and word[-3] not in "aeo":
            return word[:-1]
        if word.endswith("s") and word[-2] not in "us":
            return word[:-1]
    return word
