"""Regular expressions as promptfoo reads them, which is JavaScript without flags, put into Python's words.

Differences that matter are translated: $ is the very end, . stops at four line ends, \\d \\w \\b are ASCII, \\s is not.
What only one of the two languages knows is refused. Source: ECMAScript, section Pattern semantics.
"""

import re
from dataclasses import dataclass

from workbench.assertions.texts import SPACES

LONGEST_PATTERN = 1_000
_CLASSES = {"d", "D", "w", "W"}
_KEPT = _CLASSES | {"b", "B", "n", "r", "t", "f", "v", "x", "u"}
_GROUP = re.compile(r"\((?:\?(?:[:=!]|<[=!]|<([A-Za-z_][A-Za-z0-9_]*)>))?")
_NAME = re.compile(r"<([A-Za-z_][A-Za-z0-9_]*)>")
_COUNT = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")
# Every character that isn't white space, as ranges: inside [] there is no way to take characters away.
_INK = "\\x00-\\x08\\x0e-\\x1f!-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e"
_INK += "\\u2060-\\u2fff\\u3001-\\ufefe\\uff00-\\U0010ffff"


@dataclass(frozen=True)
class Pattern:
    """A pattern in Python's words, and what bounds the work of a search."""

    python: str
    unbounded: int
    """How many of its parts may repeat without end: each may be tried at every length."""
    choices: int
    """In how many ways its other optional and alternative parts can be taken."""
    repeats_group: bool
    """Repeats inside repeats may take time that doubles with each character."""


def translate(pattern: str) -> Pattern:
    """The pattern for re.search with re.ASCII.

    Raises:
        ValueError: It is no pattern, is longer than 1,000 characters, or has what JavaScript or Python doesn't know.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"a pattern of {len(pattern):,} characters; {LONGEST_PATTERN:,} are the most")
    translation = _Translation(pattern)
    translation.run()
    found = Pattern("".join(translation.out), translation.unbounded, translation.choices, translation.repeats_group)
    try:
        re.compile(found.python, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"it can't be read as a regular expression: {error}") from error
    return found


class _Translation:
    """One walk over a pattern, from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.out: list[str] = []
        self.unbounded = 0
        self.choices = 1
        self.repeats_group = False
        self.last = ""
        """What came before: "", "part", "group", "repeat" or "lazy"."""

    def run(self) -> None:
        steps = {"\\": self._escape, "[": self._class, "(": self._open, "{": self._count}
        plain = {"$": r"\Z", ".": r"[^\n\r\u2028\u2029]"}
        while self.position < len(self.source):
            char = self.source[self.position]
            if char in steps:
                steps[char]()
            elif char in "*+?":
                self._repeat(char)
            else:
                self.choices *= 2 if char == "|" else 1
                self._put(plain.get(char, char), 1, {")": "group", "|": "", "^": "", "$": ""}.get(char, "part"))

    def _put(self, text: str, length: int, last: str) -> None:
        self.out.append(text)
        self.position += length
        self.last = last

    def _escape(self) -> None:
        char = self.source[self.position + 1 : self.position + 2]
        if char in ("s", "S"):
            self._put(f"[{'^' * (char == 'S')}{SPACES}]", 2, "part")
        elif char == "k" and (name := _NAME.match(self.source, self.position + 2)):
            self._put(f"(?P={name[1]})", len(name[0]) + 2, "part")
        else:
            self._put(self._escaped(char, _KEPT), 2, "part")

    def _escaped(self, char: str, kept: set[str]) -> str:
        if not char:
            raise ValueError("it ends with a backslash")
        if char.isascii() and char.isalpha() and char not in kept:
            raise ValueError(f"\\{char} is not known to both JavaScript and Python")
        return "\\" + char

    def _class(self) -> None:
        start = self.position
        negated = self.source[start + 1 : start + 2] == "^"
        self.position += 2 if negated else 1
        inside: list[str] = []
        after_set = False
        while (char := self.source[self.position : self.position + 1]) != "]":
            if not char:
                raise ValueError(f"the [ at character {start + 1} has no ]")
            escaped = self.source[self.position + 1 : self.position + 2] if char == "\\" else ""
            if escaped in ("s", "S"):
                inside.append(SPACES if escaped == "s" else _INK)
            elif char == "\\":
                inside.append(self._escaped(escaped, _KEPT - {"B"}))
            else:
                # Python warns of set operators to come; JavaScript takes - after a set as itself.
                inside.append("\\" + char if char in "[&~|" or (char == "-" and after_set) else char)
            after_set = escaped in _CLASSES | {"s", "S"}
            self.position += 2 if escaped else 1
        if inside:
            self._put(f"[{'^' * negated}{''.join(inside)}]", 1, "part")
        else:
            self._put("[\\x00-\\U0010ffff]" if negated else "(?!)", 1, "part")

    def _open(self) -> None:
        group = _GROUP.match(self.source, self.position)
        text = group[0] if group else "("
        if text == "(" and self.source[self.position + 1 : self.position + 2] == "?":
            shown = self.source[self.position : self.position + 4]
            raise ValueError(f"{ascii(shown)[1:-1]} is not known to both JavaScript and Python")
        self._put(text.replace("(?<", "(?P<") if group and group[1] else text, len(text), "")

    def _count(self) -> None:
        count = _COUNT.match(self.source, self.position)
        if not count or (count[3] and not count[2]):
            self._put("\\{", 1, "part")
        else:
            self._repeat(count[0], None if count[2] and not count[3] else int(count[3] or count[1]))

    def _repeat(self, text: str, most: int | None = None) -> None:
        if text == "?" and self.last == "repeat":
            self._put(text, 1, "lazy")
            return
        if self.last not in ("part", "group"):
            raise ValueError(f"nothing to repeat at character {self.position + 1}")
        if text == "?":
            self.choices *= 2
        elif most is None:
            self.unbounded += 1
        else:
            self.choices *= most + 1
        self.repeats_group |= self.last == "group" and text != "?"
        self._put(text, len(text), "repeat")
