"""Characters that nobody sees, and texts that look like keys."""

import re

from workbench.models.redaction import redact

HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls but tab, LF and CR
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, bidi, separators
    "\U000e0000-\U000e007f"  # tags, which models read and people don't
    "]"
)
"""One character that steers or hides and can't be seen."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def code_point(char: str) -> str:
    """ "U+202E"."""
    return f"U+{ord(char):04X}"


def looks_like_a_key(text: str) -> bool:
    """Whether something in it has the form of a key."""
    return redact(text) != text


def visible(text: str, longest: int = 500) -> str:
    """The text on one line, cut, with every character escaped that can't be seen: safe for a terminal and a log.

    "##[" is how old runners of GitHub begin a command, anywhere in a line.
    """
    if len(text) > longest:
        text = f"{text[:longest]} [{len(text) - longest} more characters]"
    text = HIDDEN.sub(_escaped, _SURROGATE.sub(_escaped, text))
    return text.replace("\t", " ").replace("\r", "\\r").replace("\n", "\\n").replace("##[", "## [")


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
