"""Changes to a source by place, so that every other byte of it stays."""

import ast
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_NEWLINE = re.compile(r"\r\n|\r|\n")
_DEF_NAME = re.compile(r"def(?:[ \t\f]|\\(?:\r\n|\r|\n))+(\w+)")


@dataclass(frozen=True)
class Edit:
    """What stands from start to end (offsets in characters) gives way to text; with start == end it is put in."""

    start: int
    end: int
    text: str


class Places:
    """Where things are in a source, and what ends its lines.

    Args:
        source: A Python module without a byte order mark, its last line ended.
    """

    def __init__(self, source: str) -> None:
        # Not str.splitlines: a form feed or U+2028 ends no line of Python's.
        ends = list(_NEWLINE.finditer(source))
        self.source = source
        self.newline = ends[0][0] if ends else "\n"
        self._starts = [0, *(end.end() for end in ends)]

    def line(self, number: int) -> str:
        """A line from 1 on, without what ends it; empty after the last one."""
        if number >= len(self._starts):
            return ""
        return self.source[self._starts[number - 1] : self._starts[number]].rstrip("\r\n")

    def empty_lines_at_end(self) -> int:
        """How many lines without anything the source ends with; 0 when there is nothing else."""
        # The last start is the end of the source: there is no line.
        number = last = len(self._starts) - 1
        while number and not self.line(number).strip():
            number -= 1
        return last - number if number else 0

    def line_start(self, number: int) -> int:
        """Offset of a line's first character, lines counted from 1; of the end for the line after the last one."""
        return self._starts[number - 1]

    def line_number(self, offset: int) -> int:
        """The line, from 1, that an offset is in."""
        return bisect_right(self._starts, offset)

    def offset(self, number: int, utf8_column: int) -> int:
        """Offset of a place as ast gives it: a line from 1, a column in bytes from 0."""
        line = self.line(number).encode("utf-8")
        return self.line_start(number) + len(line[:utf8_column].decode("utf-8"))

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Offset of a node's first character, decorators not counted."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Offset behind a node's last character."""
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def renamed(self, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Edit:
        """The edit that gives a function another name."""
        found = _DEF_NAME.search(self.source, self.start(function))
        if found is None:
            raise LookupError(function.name)
        return Edit(found.start(1), found.end(1), name)

    def in_lines(self, text: str) -> str:
        """The text with the source's newline for each of its own."""
        return text.replace("\n", self.newline)

    def changed_lines(self, edits: Sequence[Edit]) -> set[int]:
        """Numbers of the lines that don't stay as they are; new lines between them change none."""
        return {
            self.line_number(edit.start)
            for edit in edits
            if edit.start != edit.end or not edit.text.endswith(self.newline)
        }


def apply_edits(source: str, edits: Sequence[Edit]) -> str:
    """The source with all edits made; those at one place in their order here. They must not overlap."""
    pieces = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, source[at:]])


def first_line(statement: ast.stmt) -> int:
    """The line a statement begins on, its decorators counted."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])
