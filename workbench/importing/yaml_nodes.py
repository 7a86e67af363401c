"""YAML as nodes with their lines; nothing is built from it, so that no tag and no alias can do harm."""

from collections.abc import Sequence
from typing import Any

from workbench.importing.failures import ImportFailed, shown
from workbench.importing.pieces import Reading

# A yaml.Node; the library has no types.
Node = Any

_TEXT = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_MAX_SMALL = 50


def compose(text: str, what: str, lines_before: int = 0) -> Node | None:
    """The document's root; None when the document is empty.

    Args:
        text: YAML of one document.
        what: What it is, for messages.
        lines_before: Of the file, above the text.

    Raises:
        ImportFailed: It is no YAML, or nested too deep; the message has the line.
    """
    import yaml

    try:
        # The loader in C is seven times as fast, and where it is missing the other one does the same.
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        # What is missing at the end is told at the last line, not below it.
        line = lines_before + min(error.problem_mark.line if error.problem_mark else 0, text.count("\n")) + 1
        reason = shown(error.problem or error.context or "a syntax error", 120)
        raise _no_yaml(what, line, reason) from error
    except yaml.reader.ReaderError as error:
        line = lines_before + text.count("\n", 0, error.position) + 1
        raise _no_yaml(what, line, "it has a character that has to be escaped") from error
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise _no_yaml(what, lines_before + 1, type(error).__name__) from error


def _no_yaml(what: str, line: int, reason: str) -> ImportFailed:
    return ImportFailed(f"{what} can't be read as YAML at line {line}: {reason}", f"Correct line {line}.")


def fields(node: Node, what: str) -> dict[str, Node]:
    """The mapping's values by key; keys that are no texts are left out.

    Raises:
        ImportFailed: A key stands twice.
    """
    found: dict[str, Node] = {}
    for key, value in node.value:
        name = text_of(key)
        if name is None:
            continue
        if name in found:
            message = f"{what} has the key {shown(name)} twice, again at line {line_of(key)}"
            raise ImportFailed(message, "Keep one of them.")
        found[name] = value
    return found


def is_mapping(node: Node) -> bool:
    """Whether the node is a mapping."""
    return node is not None and node.id == "mapping"


def is_small_mapping(node: Node) -> bool:
    """Whether the node is a mapping of at most 50 keys; aliases can show a larger one again and again."""
    return is_mapping(node) and len(node.value) <= _MAX_SMALL


def items(node: Node) -> Sequence[Node]:
    """The members of a sequence; none of anything else."""
    members: Sequence[Node] = node.value if node is not None and node.id == "sequence" else ()
    return members


def text_of(node: Node) -> str | None:
    """A scalar's text; None when the node is a number, a sequence or anything but a text."""
    return node.value if node is not None and node.id == "scalar" and node.tag == _TEXT else None


def scalar_of(node: Node) -> str | None:
    """What a scalar of any kind is in the file; None for null and for what is no scalar."""
    return node.value if node is not None and node.id == "scalar" and node.tag != _NULL else None


def line_of(node: Node, lines_before: int = 0) -> int:
    """Where the node begins, from 1."""
    return lines_before + int(node.start_mark.line) + 1


def placed(reading: Reading, node: Node, lines_before: int = 0) -> Reading:
    """The reading of a scalar's text with lines of the file: exact in a | block, else where the scalar begins."""
    line = line_of(node, lines_before)
    return reading.moved(line) if node.style == "|" else reading.within(line)
