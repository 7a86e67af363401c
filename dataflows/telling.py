"""Picks the sentences that tell most of a text: a small model loses the thread in the whole of it.

Source of the idea: Luhn 1958, "The automatic creation of literature abstracts" (frequent words mark telling sentences).
"""

import re
from collections import Counter

from dataflows.chunking import sentences, split
from dataflows.tokens import count_each, count_tokens

_REFERENCES = re.compile(
    r"^[ \d.\f]*(?:references|bibliography|works cited|literature cited|参考文献)[ :]*$", re.I | re.M
)
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3400-\u9fff]{2}|[\u30a0-\u30ff]{2,}")
_CITATION = re.compile(r"\[\d+(?:[,–-] ?\d+)*\]|\bet al\b|\bdoi\b|https?:|\barXiv\b|\bpp\.|\bvol\.", re.I)
_COMMON = frozenset(
    _WORD.findall(
        "about after all also and any are because been before being between both but can could did does each even for "
        "from further had has have having her here him his how into its just may might more most much must not now off "
        "once one only other our out over own same she should some such than that the their them then there these they "
        "this those through too two under until upon use used using very was way were what when where which while who "
        "whom why will with within without would you your figure fig table section"
    )
)


def telling_sentences(text: str, max_tokens: int) -> str:
    """The sentences that tell most of a text, in its order, a blank between two, within max_tokens.

    A text that fits comes back as it is. What follows a heading such as References is left out, and so are lines of
    numbers, symbols and citations. Of the rest, those count most whose words are frequent in the text, that stand at
    its start or end, and that are 8 to 40 such words long. Where none tells anything, it is the beginning of the text.

    Args:
        text: Any text.
        max_tokens: At least 8.

    Raises:
        ValueError: max_tokens is below 8.
    """
    if count_tokens(text) <= max_tokens:
        return text
    found = [" ".join(sentence.split()) for sentence in sentences(_before_references(text))]
    told = list(dict.fromkeys(sentence for sentence in found if _tells(sentence)))
    words = [_words(sentence) for sentence in told]
    often = Counter(word for sentence in words for word in set(sentence))
    scores = [
        _weight(sentence, often) * _place(position, len(told)) * _length(len(sentence))
        for position, sentence in enumerate(words)
    ]
    chosen = []
    left = max_tokens
    sizes = count_each(told)
    for position in sorted(range(len(told)), key=lambda position: (-scores[position], position)):
        # One more token for the blank between two sentences.
        if sizes[position] + 1 <= left:
            left -= sizes[position] + 1
            chosen.append(position)
    telling = " ".join(told[position] for position in sorted(chosen))
    return split(telling or text, max_tokens)[0]


def _before_references(text: str) -> str:
    """The text before the last heading of references: an earlier one stands in a table of contents."""
    headings = [match.start() for match in _REFERENCES.finditer(text)]
    return text[: headings[-1]] if headings else text


def _tells(sentence: str) -> bool:
    """Whether it is made of words: most characters are letters, and it is no reference."""
    letters = sum(map(str.isalpha, sentence))
    marks = len(sentence) - sentence.count(" ")
    return letters > 0.7 * marks and len(_words(sentence)) > 2 and len(_CITATION.findall(sentence)) < 2


def _words(sentence: str) -> list[str]:
    """Its words that carry a meaning; a Japanese text gives pairs of kanji and words in katakana."""
    return [word for word in _WORD.findall(sentence.lower()) if word not in _COMMON]


def _weight(words: list[str], often: Counter[str]) -> float:
    """How frequent its words are in the text, on average, each word once."""
    different = set(words)
    return sum(often[word] for word in different) / len(different)


def _place(position: int, total: int) -> float:
    """The first tenth of a text says what it is about, the last what came out."""
    share = position / total
    return 1.3 if share < 0.1 else 1.1 if share > 0.9 else 1.0


def _length(words: int) -> float:
    """Short sentences lean on their neighbours; long ones are mostly lists."""
    return min(1.0, words / 8, 40 / words)
