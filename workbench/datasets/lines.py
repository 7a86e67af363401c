"""The line of a place in a YAML file, so that what is refused can be found."""

import re
from typing import Any

_STEP = re.compile(r"\.?(?P<name>[A-Za-z]+)|\[(?P<index>[0-9]+)\]")
_NAMED = ("vars", "inputs", "metadata")


def line_of(text: str, where: str, reason: str = "") -> int:
    """The line, from 1; of the innermost part of the place that is there.

    Args:
        text: A file that read_yaml could read.
        where: "tests[2].assert[0]"; "" or anything that names no part is the file as a whole.
        reason: Where it begins with a quoted key of that place, its line is the key's.
    """
    import yaml

    node: Any = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if node is None:
        return 1
    line: int = node.start_mark.line
    if isinstance(node, yaml.SequenceNode):
        where = where.removeprefix("tests")
    for step in _steps(where):
        found = _part(node, step)
        if found is None:
            break
        node, line = found
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if reason.startswith(ascii(key.value)[:60] + " "):
            line = key.start_mark.line
    return line + 1


def _steps(where: str) -> list[str | int]:
    """Names and positions; the name of a variable may hold anything, and ends the place."""
    steps: list[str | int] = []
    position = 0
    while match := _STEP.match(where, position):
        steps.append(match["name"] if match["name"] else int(match["index"]))
        position = match.end()
        if match["name"] in _NAMED and where[position : position + 1] == ".":
            return [*steps, where[position + 1 :]]
    return steps


def _part(node: Any, step: str | int) -> tuple[Any, int] | None:
    """The node one step further in, and the line (from 0) at which a reader looks for it."""
    if isinstance(step, int):
        inside = node.value if isinstance(node.value, list) else []
        found = inside[step] if step < len(inside) else None
        return None if found is None or isinstance(found, tuple) else (found, found.start_mark.line)
    pairs = [pair for pair in node.value if isinstance(pair, tuple)] if isinstance(node.value, list) else []
    return next(((value, key.start_mark.line) for key, value in pairs if ascii(key.value)[1:-1][:60] == step), None)
