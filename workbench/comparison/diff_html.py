"""A difference as HTML: every piece escaped, what can't be seen spelled out, nothing that runs or loads."""

import html
import re
from collections.abc import Iterable

from workbench.comparison.diffing import Change

_TAGS = {"removed": "del", "added": "ins"}
_BLANKS = " \t\u3000"
_SHOWN_BLANKS = str.maketrans({" ": "␣", "\t": "⇥", "\u3000": "□", "\n": "⏎\n"})
_SUSPECT = re.compile(f"[^\n{_BLANKS}!-~]")


def inline(changes: Iterable[Change]) -> str:
    """Both texts in one, removed pieces in <del> and added ones in <ins>; valid UTF-8 whatever the texts hold.

    Line ends and the blanks before them stand outside of the marks, except where nothing else changed: there they are
    shown as ⏎ and ␣. Characters that can't be seen, among them those that turn the direction, are shown as ⟨U+202E⟩.
    """
    return _block(map(_marked, changes))


def side_by_side(changes: Iterable[Change]) -> tuple[str, str]:
    """The left text with its removed pieces marked, and the right one with its added ones; as in inline."""
    both = list(changes)
    left = (_marked(change) for change in both if change.kind != "added")
    right = (_marked(change) for change in both if change.kind != "removed")
    return _block(left), _block(right)


def _block(pieces: Iterable[str]) -> str:
    style = "white-space:pre-wrap;overflow-wrap:anywhere"
    return f'<div class="diff" dir="auto" style="{style}">{"".join(pieces)}</div>'


def _marked(change: Change) -> str:
    if change.kind == "same":
        return _escaped(change.text)
    only_blanks = not change.text.strip(_BLANKS + "\n")
    text = change.text.translate(_SHOWN_BLANKS) if only_blanks else change.text
    return "\n".join(_marked_line(line, _TAGS[change.kind]) for line in text.split("\n"))


def _marked_line(line: str, tag: str) -> str:
    words = line.rstrip(_BLANKS)
    mark = f"<{tag}>{_escaped(words)}</{tag}>" if words else ""
    return mark + line[len(words) :]


def _escaped(text: str) -> str:
    return html.escape(_SUSPECT.sub(_spelled_out, text))


def _spelled_out(found: re.Match[str]) -> str:
    char = found[0]
    return char if char.isprintable() else f"⟨U+{ord(char):04X}⟩"
