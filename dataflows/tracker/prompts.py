"""Which nodes are prompts, and which version a prompt is of."""

import re
from collections.abc import Mapping
from typing import Any

from dataflows.tracker.record_parts import Way
from dataflows.tracker.running import SeenPrompt

_MODULE = re.compile(r"(?:.*\.)?prompts_(v[1-9][0-9]{0,8})")
_VARIANT = re.compile(r".+?__(\w+)")


def is_prompt(name: str, tags: Mapping[str, Any]) -> bool:
    """Whether a node is a prompt: by its tag kind="prompt", or by its name, which ends in _prompt."""
    return name.endswith("_prompt") or tags.get("kind") == "prompt"


def given_prompts(graph: Any, inputs: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, SeenPrompt]:
    """Prompts among what an execution is given; an override wins, and an input wins over the driver's config."""
    found: dict[str, SeenPrompt] = {}
    ways: tuple[tuple[Way, Mapping[str, Any]], ...] = (
        ("config", graph.config),
        ("input", inputs),
        ("override", overrides),
    )
    for way, values in ways:
        for name, value in values.items():
            node = graph.nodes.get(name)
            if isinstance(value, str) and is_prompt(name, node.tags if node else {}):
                found[name] = SeenPrompt(value, way, "")
    return found


def made_prompt(node: Any, text: str) -> SeenPrompt:
    """A prompt that a node gave; its version is that of its module, prompts_v3.py, or its name's end, x_prompt__v3."""
    if node.tags.get("source") == "store":
        return SeenPrompt(text, "store", "")
    functions = node.originating_functions
    function = functions[0] if functions else None
    if module := _MODULE.fullmatch(str(getattr(function, "__module__", ""))):
        return SeenPrompt(text, "module", module[1])
    # Hamilton keeps the name that the function has in its module, of those under @config.when.
    if variant := _VARIANT.fullmatch(str(getattr(function, "__original_name__", ""))):
        return SeenPrompt(text, "config", variant[1])
    return SeenPrompt(text, "code", "")
