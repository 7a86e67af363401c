"""What the history may keep, for how long, and what is taken out of everything that is stored or logged."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbench import settings_file
from workbench.errors import UsageError
from workbench.models.redaction import MARK, redact

DAYS = range(1, 3651)
MOST_PATTERNS = 50
_LONGEST_PATTERN = 300
_KEYS = ("_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD")


@dataclass(frozen=True)
class Privacy:
    """What holds for a project's history."""

    keeps_documents: bool = True
    """False: of a document its hash, name and size are kept, and no text that holds parts of it."""
    days: int | None = None
    """Runs older than this are deleted, unless starred; None keeps them."""
    patterns: tuple[str, ...] = ()
    """Regular expressions whose matches are taken out."""

    def redacted(self, text: str) -> str:
        """The text without keys of the environment, what looks like a key, and what the patterns match."""
        return self.redactor()(text)

    def redactor(self) -> Callable[[str], str]:
        """The same for many texts: the environment is read once, and a text that comes again is not gone through."""
        return _redactor(tuple(_known_keys()), self.patterns)


def privacy_of(folder: Path) -> Privacy:
    """As set on the Settings page; what makes no sense in the file is left out."""
    kept = settings_file.read(folder)
    days, patterns = kept.get("history_days"), kept.get("redact")
    known = [own for own in patterns if isinstance(own, str)] if isinstance(patterns, list) else []
    return Privacy(
        keeps_documents=kept.get("keep_documents") is not False,
        days=days if type(days) is int and days in DAYS else None,
        patterns=tuple(own for own in known[:MOST_PATTERNS] if not wrong_pattern(own)),
    )


def keep_privacy(folder: Path, privacy: Privacy) -> None:
    """Set it for all processes that use this state folder.

    Raises:
        UsageError: A pattern or the number of days makes no sense.
    """
    if privacy.days is not None and privacy.days not in DAYS:
        raise UsageError(f"Runs are to be kept {privacy.days} days; it has to be from {DAYS[0]} to {DAYS[-1]:,}.")
    if len(privacy.patterns) > MOST_PATTERNS:
        raise UsageError(f"There are {len(privacy.patterns)} patterns; at most {MOST_PATTERNS} are possible.")
    for pattern in privacy.patterns:
        if wrong := wrong_pattern(pattern):
            raise UsageError(f"{pattern[:80]!r} {wrong}.", "Write a regular expression of Python, one on each line.")
    settings_file.keep(
        folder, keep_documents=privacy.keeps_documents, history_days=privacy.days, redact=list(privacy.patterns)
    )


def wrong_pattern(pattern: str) -> str:
    """Why a pattern can't be used, as the rest of a sentence; empty when it can."""
    if not pattern or len(pattern) > _LONGEST_PATTERN:
        return f"has {len(pattern)} characters; 1 to {_LONGEST_PATTERN} are possible"
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    if compiled.match(""):
        return "matches an empty text, so it would match everywhere"
    if re.search(r"[*+}][^()|]*\)[*+{]", pattern):
        return "repeats a repetition, which can take for ever"
    return ""


@lru_cache(maxsize=8)
def _redactor(keys: tuple[str, ...], patterns: tuple[str, ...]) -> Callable[[str], str]:
    compiled = [re.compile(own) for own in patterns]

    @lru_cache(maxsize=1_000)
    def redacted(text: str) -> str:
        cleaned = redact(text, keys)
        for pattern in compiled:
            cleaned = pattern.sub(MARK, cleaned)
        return cleaned

    return redacted


def _known_keys(environment: Mapping[str, str] = os.environ) -> Sequence[str]:
    """Values of the environment that are secrets by their names."""
    return [value for name, value in environment.items() if name.upper().endswith(_KEYS)]
