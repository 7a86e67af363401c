"""The pull request that brings a new prompt version: its title, and its text at a length that is taken."""

from collections.abc import Collection, Iterator

from workbench.errors import ExportError
from workbench.export.markdown import plain
from workbench.export.proof_lines import ProofLine
from workbench.export.pull_request_change import Change
from workbench.export.pull_request_pairs import LONGEST_ANSWER
from workbench.export.pull_request_public import public
from workbench.export.pull_request_sections import Sections
from workbench.models.redaction import MARK

__all__ = ["Change", "ProofLine", "pull_request_text", "pull_request_title"]

LONGEST_BYTES = 65_000
"""Of the text in UTF-8, whatever the limit in characters; GitHub takes 65,536 characters."""

_LONGEST_TITLE = 100
_ANSWERS = (LONGEST_ANSWER, 2_000, 1_000, 500, 200)
_DIFFS = (20_000, 8_000, 3_000, 1_000)
_SHORTEST_KEY = 8


def pull_request_title(change: Change, keys: Collection[str] = ()) -> str:
    """One line without mark-up, at most 100 characters: "summarization v4: name the kind of document".

    Args:
        change: The new version.
        keys: Left out whatever they look like; what looks like a key is left out anyway.
    """
    reason = plain(public(_without(change.reason, keys), 200))
    name = " ".join(plain(public(part, 40)) for part in (change.dataflow, change.label))
    title = f"{name}: {reason}" if reason else name
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def pull_request_text(change: Change, limit: int = 60_000, keys: Collection[str] = ()) -> str:
    """The pull request's text in Markdown; what is left out for its length is counted in it.

    Answers are shortened first, then the differences of prompts, then documents are left out.

    Args:
        change: The new version.
        limit: Characters; besides, its UTF-8 has at most LONGEST_BYTES.
        keys: Left out whatever they look like; what looks like a key is left out anyway.

    Raises:
        ExportError: The limit is too small for what can't be shortened.
    """
    sections = Sections(change)
    text = ""
    for answer_chars, diff_chars in _lengths():
        text = _without(sections.text(answer_chars, diff_chars, sections.documents), keys)
        if _fits(text, limit):
            return text
    for diff_chars in (_DIFFS[-1], 0):
        # As many documents as fit, by halving.
        found, least, most = "", 0, sections.documents
        while least <= most:
            documents = (least + most) // 2
            text = _without(sections.text(_ANSWERS[-1], diff_chars, documents), keys)
            if _fits(text, limit):
                found, least = text, documents + 1
            else:
                most = documents - 1
        if found:
            return found
    message = f"the pull request's text has {len(text):,} characters at its shortest; the limit is {limit:,}"
    raise ExportError(message, f"Give it at least {len(text):,} characters, or shorten the reason.")


def _lengths() -> Iterator[tuple[int, int]]:
    """Characters of each answer and of each difference, from the longest text to the shortest."""
    yield from ((answer, _DIFFS[0]) for answer in _ANSWERS)
    yield from ((_ANSWERS[-1], diff) for diff in _DIFFS[1:])


def _fits(text: str, limit: int) -> bool:
    return len(text) <= limit and len(text.encode("utf-8")) <= LONGEST_BYTES


def _without(text: str, keys: Collection[str]) -> str:
    for key in keys:
        if len(key) >= _SHORTEST_KEY:
            text = text.replace(key, MARK)
    return text
