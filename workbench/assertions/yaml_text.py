"""YAML out of a file somebody else wrote: plain values only, bounded, read the way promptfoo's YAML 1.2 does.

PyYAML alone reads YAML 1.1, where yes is true, 010 is eight, 1:30 is ninety and 2024-01-01 is no text.
"""

import re
from collections.abc import Iterator
from typing import Any

LARGEST_BYTES = 1_000_000
_DEEPEST = 50
_MOST_NODES = 200_000
_TAG = "tag:yaml.org,2002:"
# Source: YAML 1.2.2, section 10.3.2 (core schema).
_SCALARS = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")),
    ("int", re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z"), list("-+0123456789")),
    (
        "float",
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
        ),
        list("-+0123456789."),
    ),
    ("merge", re.compile(r"<<\Z"), ["<"]),
)


def read_yaml(text: str) -> Any:
    """The one document in the text: mappings, lists, texts, numbers, truth values and None.

    Raises:
        ValueError: With a sentence's end, for a text that is no YAML, has a key twice, names types of its own, or is
            larger, deeper or by its aliases longer than is read here.
    """
    import yaml

    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST_BYTES:
        raise ValueError(f"the file has {size:,} bytes; {LARGEST_BYTES:,} are the most")
    # The one in C, where it is built, is some ten times as fast.
    loaders = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_deep(yaml.parse(text, loaders), yaml)
        loader = loaders(text)
        _make_plain(loader)
        node = loader.get_single_node()
        if node is None:
            return None
        _expanded(node, {})
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark else ""
        raise ValueError(f"{line}this is no YAML that is read here: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise ValueError("the file has characters that YAML doesn't allow") from error
    except UnicodeError as error:
        raise ValueError("the file has half a character (a lone surrogate)") from error
    except RecursionError as error:
        raise ValueError("the file is nested too deep") from error


def _refuse_deep(events: Iterator[Any], yaml: Any) -> None:
    """Looked at first, event by event: putting nodes together goes as deep as they do."""
    depth = 0
    for count, event in enumerate(events):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ValueError(f"line {event.start_mark.line + 1}: nested deeper than {_DEEPEST} levels")
        if count > _MOST_NODES:
            raise ValueError(f"the file has more than {_MOST_NODES:,} values")


def _make_plain(loader: Any) -> None:
    """Leave this loader the scalars of YAML 1.2 and the constructors of plain values."""
    resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, pattern, starts in _SCALARS:
        for start in starts:
            resolvers.setdefault(start, []).append((_TAG + name, pattern))
    loader.yaml_implicit_resolvers = resolvers
    plain = [None, *(_TAG + name for name in ("null", "bool", "float", "str", "seq", "map"))]
    loader.yaml_constructors = {tag: loader.yaml_constructors[tag] for tag in plain}
    loader.yaml_constructors[_TAG + "int"] = _whole_number


def _whole_number(loader: Any, node: Any) -> int:
    text: str = loader.construct_scalar(node)
    if len(text) > 300:
        raise ValueError(f"line {node.start_mark.line + 1}: a number of {len(text)} digits")
    try:
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    except ValueError as error:
        raise ValueError(f"line {node.start_mark.line + 1}: {text!a} is no whole number") from error


def _expanded(node: Any, sizes: dict[int, int]) -> int:
    """How many values the node has with its aliases written out; keys that stand twice are refused on the way."""
    if id(node) in sizes:
        if not sizes[id(node)]:
            raise ValueError(f"line {node.start_mark.line + 1}: an alias inside of what it stands for")
        return sizes[id(node)]
    sizes[id(node)] = 0
    inner = [] if isinstance(node.value, str) else list(node.value)
    if inner and isinstance(inner[0], tuple):
        _refuse_twice(inner)
        inner = [part for pair in inner for part in pair]
    size = 1 + sum(_expanded(part, sizes) for part in inner)
    if size > _MOST_NODES:
        raise ValueError(f"line {node.start_mark.line + 1}: its aliases stand for more than {_MOST_NODES:,} values")
    sizes[id(node)] = size
    return size


def _refuse_twice(pairs: list[Any]) -> None:
    seen = set()
    for key, _ in pairs:
        if not isinstance(key.value, str):
            raise ValueError(f"line {key.start_mark.line + 1}: a key that is no text, number or truth value")
        if (key.tag, key.value) in seen:
            raise ValueError(f"line {key.start_mark.line + 1}: the key {ascii(key.value)[:60]} stands there twice")
        seen.add((key.tag, key.value))
