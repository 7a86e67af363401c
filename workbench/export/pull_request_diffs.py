"""The prompts that a new version changes, as differences, for a pull request."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.export.markdown import fenced, inline
from workbench.export.module_file import unified_diff
from workbench.models.redaction import redact

LISTED_PROMPTS = 20
"""Changed prompts beyond these are counted only."""

_COMPARED_CHARS = 50_000


@dataclass(frozen=True)
class PromptChange:
    """One prompt that the new version has otherwise than its parent."""

    name: str
    words: str
    """What happened to it: "2 lines added, 1 removed"."""
    diff: str
    """As `diff -u` writes it, keys redacted; empty when it can't be shown."""


def prompt_changes(labels: tuple[str, str], before: Mapping[str, str], after: Mapping[str, str]) -> list[PromptChange]:
    """Prompts that differ, in the new version's order, then those it dropped.

    Args:
        labels: Of the parent and the new version.
        before: Templates of the parent by prompt name.
        after: Templates of the new version.
    """
    names = [name for name in {**after, **before} if before.get(name) != after.get(name)]
    return [_change(name, labels, before.get(name), after.get(name)) for name in names]


def changes_text(changes: list[PromptChange], limit: int) -> str:
    """The section's text.

    Args:
        limit: Characters of each difference; 0 leaves the differences out.
    """
    if not changes:
        return "No prompt's text changed."
    parts = [_shown(change, limit) for change in changes[:LISTED_PROMPTS]]
    if len(changes) > LISTED_PROMPTS:
        parts.append(f"More prompts changed that are left out here: {len(changes) - LISTED_PROMPTS:,}.")
    return "\n\n".join(parts)


def _change(name: str, labels: tuple[str, str], before: str | None, after: str | None) -> PromptChange:
    state = "new" if before is None else "dropped" if after is None else ""
    old, new = before or "", after or ""
    if max(len(old), len(new)) > _COMPARED_CHARS:
        words = f"{len(old):,} characters before, {len(new):,} after, too long to show the difference"
        return PromptChange(name, words, "")
    old_name, new_name = (" ".join(label.split()) for label in labels)
    diff = _blanks_shown(unified_diff(old_name, redact(old), new_name, redact(new)))
    lines = diff.split("\n")[2:]
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    if not lines:
        words = "empty" if state else "differs only in what looks like a key, which is not shown"
    else:
        words = f"{added:,} {'line' if added == 1 else 'lines'} added, {removed:,} removed"
    return PromptChange(name, f"{state}, {words}" if state else words, diff)


def _blanks_shown(diff: str) -> str:
    """Blanks at the end of a line that is added or removed, spelled out: a change of them would not be seen."""
    return "\n".join(map(_line_end_shown, diff.split("\n")))


def _line_end_shown(line: str) -> str:
    words = line.rstrip(" \t")
    if not line.startswith(("+", "-")) or words == line:
        return line
    return words + line[len(words) :].replace(" ", "\\u0020").replace("\t", "\\u0009")


def _shown(change: PromptChange, limit: int) -> str:
    heading = f"Prompt {inline(change.name, 80)}: {change.words}"
    if not change.diff:
        return f"{heading}."
    if not limit:
        return f"{heading}; the difference is left out here."
    cut = ""
    if len(change.diff) > limit:
        cut = f"; the first {limit:,} of {len(change.diff):,} characters of the difference"
    return f"{heading}{cut}.\n\n{fenced(change.diff[:limit], 'diff')}"
