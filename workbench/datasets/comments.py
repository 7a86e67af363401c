"""Comments of a YAML file: which of them an edit would lose."""

from collections import Counter
from typing import Any


def lost_comments(old: str, new: str) -> list[str]:
    """Comments of the old text that the new one doesn't have, in their order, each without its "#".

    Args:
        old: YAML that can be read.
        new: The same.
    """
    left = Counter(_comments(new))
    lost = []
    for comment in _comments(old):
        if left[comment]:
            left[comment] -= 1
        else:
            lost.append(comment)
    return lost


def _comments(text: str) -> list[str]:
    """What stands between tokens is white space or a comment; the header of a block of text may have one, too."""
    import yaml

    if "#" not in text:
        return []
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    # A mark behind the last line is one of the end.
    starts.append(starts[-1])
    found: list[str] = []
    end = 0
    tokens: Any = yaml.scan(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for token in tokens:
        start = starts[min(token.start_mark.line, len(starts) - 1)] + token.start_mark.column
        found += _in_gap(text[end:start])
        stop = starts[min(token.end_mark.line, len(starts) - 1)] + token.end_mark.column
        if getattr(token, "style", None) in ("|", ">"):
            found += _in_gap(text[start:stop].partition("\n")[0])
        end = max(end, stop)
    return found + _in_gap(text[end:])


def _in_gap(gap: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in gap.splitlines() if "#" in line]
