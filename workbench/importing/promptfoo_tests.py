"""The tests of a promptfoo file as YAML of their own, for whoever checks answers with them."""

from collections.abc import Mapping

from workbench.importing.failures import ImportFailed
from workbench.importing.yaml_nodes import Node

_KEYS = ("tests", "defaultTest")
_QUOTED = ('"', "'", "|", ">")


def tests_source(found: Mapping[str, Node]) -> str:
    """YAML with the file's `tests` and `defaultTest`; empty when it has neither.

    Anchors and aliases stay, so that it can't grow; what an alias points to outside of the tests comes along.

    Args:
        found: The file's keys and their nodes.

    Raises:
        ImportFailed: The tests are nested too deep.
    """
    import yaml

    kept = [(yaml.ScalarNode("tag:yaml.org,2002:str", key), found[key]) for key in _KEYS if key in found]
    if not kept:
        return ""
    for _, node in kept:
        _quote(node)
    try:
        root = yaml.MappingNode("tag:yaml.org,2002:map", kept)
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        source: str = yaml.serialize(root, Dumper=dumper, allow_unicode=True, width=1_000_000_000)
    except RecursionError as error:
        raise ImportFailed("the tests are nested too deep", "Write them with fewer levels.") from error
    return source


def _quote(node: Node) -> None:
    """Give every quoted or block scalar double quotes: the one style whose text no indentation or fold changes."""
    seen = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if current.id == "scalar":
            current.style = '"' if current.style in _QUOTED else current.style
        elif current.id == "sequence":
            waiting += current.value
        else:
            waiting += [side for pair in current.value for side in pair]
