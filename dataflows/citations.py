"""The pages that an answer cites, and whether they bear it out."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dataflows.figures import figures, numbers_in

_NUMBER = r"\d{1,6}+(?!\d)"
_NUMBERS = rf"{_NUMBER}(?:\s*+(?:[-–—,;&]|and\b|to\b)\s*+(?:pp?\.?\s*+)?{_NUMBER})*+"
_CITATION = re.compile(
    rf"[\[(【]?\b(?:pp?\.|pages?|p)\s*+({_NUMBERS})[\])】]?"
    rf"|[\[(【]?(?<!\d)({_NUMBER}(?:[-–—~]{_NUMBER})?)\s?(?:ページ|頁)[\])】]?",
    re.I,
)
_RANGE = re.compile(r"(\d+)\s*(?:[-–—~]|to\b)\s*(?:pp?\.?\s*)?(\d+)", re.I)
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s*)?\d{1,3}[.)](?=\s)", re.M)
_LONGEST_RANGE = 50


@dataclass(frozen=True)
class Citation:
    """A place in an answer that names pages."""

    claim: str
    """What stands before it, from the citation before on."""
    pages: tuple[int, ...]
    """In the order they are named, each once."""


def citations_in(answer: str) -> list[Citation]:
    """The citations of an answer, such as [p. 3], (pp. 3–5), page 3 or 3ページ; neighbours are one."""
    answer = unicodedata.normalize("NFKC", answer)
    found: list[Citation] = []
    end = 0
    for match in _CITATION.finditer(answer):
        claim = answer[end : match.start()]
        end = match.end()
        pages = _pages(match[1] or match[2])
        if found and not re.search(r"\w", claim):
            before = found.pop()
            claim, pages = before.claim, [*before.pages, *pages]
        found.append(Citation(claim, tuple(dict.fromkeys(pages))))
    return found


def unsupported(answer: str, given: Mapping[int, str], pages: int) -> list[str]:
    """A sentence for each thing in an answer that its citations don't bear out.

    Args:
        answer: What a model wrote.
        given: Page -> what was given of it.
        pages: Number of pages of the document.
    """
    citations = citations_in(answer)
    if not citations:
        return ["no page is cited"]
    found = []
    for page in dict.fromkeys(page for citation in citations for page in citation.pages):
        if not 1 <= page <= pages:
            found.append(f"p. {page} does not exist: the document has {pages}")
        elif page not in given:
            found.append(f"p. {page} was not among the pages given ({said(given)})")
    numbers = {page: numbers_in(text) for page, text in given.items()}
    for citation in citations:
        known = [page for page in citation.pages if page in given]
        for figure, meanings in figures(_LIST_MARK.sub("", citation.claim)):
            if known and all(meanings.isdisjoint(numbers[page]) for page in known):
                found.append(f"{figure} does not stand on p. {said(known)}")
    return list(dict.fromkeys(found))


def said(pages: Collection[int]) -> str:
    """Pages as people say them: "2, 3, 5"."""
    return ", ".join(map(str, sorted(pages))) or "none"


def _pages(text: str) -> list[int]:
    """The numbers in a citation; a range of at most 50 pages is all of them, a longer one its ends."""
    found: list[int] = []
    for part in re.split(r"[,;&]|and\b", text, flags=re.I):
        ends = _RANGE.search(part)
        first, last = (int(ends[1]), int(ends[2])) if ends else (0, -1)
        if 0 <= last - first <= _LONGEST_RANGE:
            found += range(first, last + 1)
        else:
            found += map(int, re.findall(r"\d+", part))
    return found
