"""The text of a dataset's file after an edit: what wasn't edited stays as it was typed, comments included."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case
from workbench.datasets.reading import cases_in_text
from workbench.datasets.spelling import same_spelling, spelt_case, yaml_of

_NOTHING = re.compile(r"\s*(#.*)?\s*\Z")


@dataclass(frozen=True)
class _Blocks:
    """A file, cut at its cases."""

    before: str
    blocks: tuple[str, ...]
    """One for each case, with the comments above it."""
    after: str
    indent: int
    """Spaces before the dash."""


def edited_text(old: str, cases: Sequence[Case], file: str) -> str:
    """The file's text with these cases; comments of cases that are gone go with them.

    Where the cases are written in a way that can't be cut (in braces, say), all of them are written anew.

    Args:
        old: The text as it stands, in our form; empty for a new file.
        cases: All cases, in their order.
        file: What messages call it.

    Raises:
        DatasetError: The cases can't stand in a file, two of one name for instance.
    """
    blocks = _cut(old) if old.strip() else None
    spellings: list[Callable[[], str]] = [partial(_spliced, blocks, old, cases, file)] if blocks else []
    spellings.append(lambda: _head(old) + _fresh(cases))
    for spell in spellings:
        text = spell()
        found, _ = cases_in_text(text, file)
        if [*map(spelt_case, found)] == [*map(spelt_case, cases)]:
            return text
    raise DatasetError(file, 0, "the cases can't be written so that they are read as they are", "Simplify their texts.")


def _spliced(blocks: _Blocks, old: str, cases: Sequence[Case], file: str) -> str:
    before = {case.name: case for case in cases_in_text(old, file)[0]}
    known = dict(zip(before, blocks.blocks, strict=True))
    parts = [blocks.before]
    for case in cases:
        block = known.get(case.name, "")
        if block and same_spelling(spelt_case(case), spelt_case(before[case.name])):
            parts.append(block if block.endswith("\n") else block + "\n")
        else:
            parts.append(_comments(block) + _indented(yaml_of([spelt_case(case)]), blocks.indent))
    return "".join([*parts, blocks.after])


def _cut(text: str) -> _Blocks | None:
    """None when the cases aren't one block each."""
    import yaml

    root: Any = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    keys = [key for key, _ in root.value]
    at = next(position for position, key in enumerate(keys) if key.value == "cases")
    entries = root.value[at][1]
    lines = text.splitlines(keepends=True)
    if not entries.value or entries.flow_style:
        return None
    starts = [entry.start_mark.line for entry in entries.value]
    dashes = [len(lines[start]) - len(lines[start].lstrip(" ")) for start in starts]
    if len(set(dashes)) > 1 or not all(lines[start].lstrip(" ").startswith("- ") for start in starts):
        return None
    end = keys[at + 1].start_mark.line if at + 1 < len(keys) else len(lines)
    cuts = [_above(lines, start, keys[at].start_mark.line + 1) for start in starts] + [_above(lines, end, starts[-1])]
    cuts[-1] = end if at + 1 == len(keys) else cuts[-1]
    pieces = ["".join(lines[one:other]) for one, other in pairwise(cuts)]
    return _Blocks("".join(lines[: cuts[0]]), tuple(pieces), "".join(lines[cuts[-1] :]), dashes[0])


def _above(lines: list[str], line: int, least: int) -> int:
    """The first of the lines right above that hold nothing but comments."""
    while line > least and _NOTHING.match(lines[line - 1]):
        line -= 1
    return line


def _comments(block: str) -> str:
    lines = block.splitlines(keepends=True)
    count = next((position for position, line in enumerate(lines) if not _NOTHING.match(line)), 0)
    return "".join(lines[:count])


def _head(old: str) -> str:
    """The comments that a file begins with."""
    return _comments(old)


def _fresh(cases: Sequence[Case]) -> str:
    return yaml_of({"cases": [spelt_case(case) for case in cases]})


def _indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line if line.strip() else line for line in text.splitlines(keepends=True))
