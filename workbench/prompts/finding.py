"""Which nodes of a dataflow are prompts, and what the dataflow does with them."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from hamilton import driver, node

from dataflows.templates import Slot
from workbench.prompts.finding_nodes import (
    PROMPT_SUFFIX,
    functions_of,
    is_constant,
    is_family,
    is_own_text,
    is_text,
    reads_as_prompt,
)
from workbench.prompts.finding_slots import written_slots
from workbench.prompts.usage import Filling, Use
from workbench.prompts.usage_functions import Uses, asks_a_model

Why = Literal["tag", "name", "config", "call", "you"]
"""What told that a node is a prompt: a tag kind="prompt"; its name; its name, and alternatives by @config.when; what is
done with its value on the way to a model; the user."""

_MOST_KEPT = 64
_kept: dict[Hashable, dict[str, "FoundPrompt"]] = {}


@dataclass(frozen=True)
class FoundPrompt:
    """A prompt node."""

    name: str
    why: Why = "name"
    filling: Filling = "format"
    slots: Mapping[str, Slot] = field(default_factory=dict)
    """As the dataflow's SLOTS say, else as its code fills them."""
    glued: tuple[str, ...] = ()
    """Names of what the code puts before or behind its text; at most 4."""


def find_prompts(
    built: driver.Driver, *, also: Collection[str] = (), never: Collection[str] = ()
) -> dict[str, FoundPrompt]:
    """Name -> what was found of it, for every prompt, in the order of the chain.

    Read from the sources of the nodes' functions and of those they call; nothing is run. What can't be read tells less
    and raises nothing. Kept for the same functions, so that a second driver of them costs next to nothing.

    Args:
        built: The dataflow.
        also: Nodes that are prompts whatever they look like; names it doesn't have are left out.
        never: Nodes that are none.
    """
    nodes = built.graph.nodes
    shapes = tuple((name, own.user_defined, own.originating_functions) for name, own in nodes.items())
    key = (shapes, tuple(built.graph_modules), tuple(built.graph.config), tuple(sorted(also)), tuple(sorted(never)))
    found = _kept.get(key)
    if found is None:
        found = _Finding(built).prompts(also, never)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = found
    return dict(found)


def calling_nodes(built: driver.Driver) -> list[str]:
    """The nodes whose functions ask a model, by themselves or through others of the project, in the graph's order."""
    return [own.name for own in built.graph.nodes.values() if any(map(asks_a_model, functions_of(own)))]


class _Finding:
    def __init__(self, built: driver.Driver) -> None:
        self._built = built
        self._uses = Uses()
        self._slots = written_slots(built.graph_modules)
        self._calling = set(calling_nodes(built))

    def prompts(self, also: Collection[str], never: Collection[str]) -> dict[str, FoundPrompt]:
        found = {}
        for name, own in self._built.graph.nodes.items():
            if name in never or not (name in also or is_text(own.type)):
                continue
            use = self._use(own)
            if why := "you" if name in also else self._why(own, use):
                found[name] = self._prompt(name, why, use)
        for name, own in self._built.graph.nodes.items():
            # What only prompts need is a parameter of theirs.
            if name in found and found[name].why == "call" and {user.name for user in own.depended_on_by} <= set(found):
                del found[name]
        downstream = {name: len(self._built.what_is_downstream_of(name)) for name in found}
        return {name: found[name] for name in sorted(found, key=lambda name: (-downstream[name], name))}

    def _why(self, own: node.Node, use: Use) -> Why | None:
        if own.tags.get("kind") == "prompt":
            return "tag"
        if not own.user_defined and not self._is_own_text(own):
            return None
        if own.name.endswith(PROMPT_SUFFIX):
            return "config" if is_family(own, self._built.graph_modules) else "name"
        is_free = own.user_defined or is_constant(own, self._built.graph.config, self._calling)
        return "call" if is_free and use.asked and reads_as_prompt(own, use) else None

    def _is_own_text(self, own: node.Node) -> bool:
        """Whether a node's value is its function's own text, and not one that a prompt or a document is put into."""
        prompts = [needed for needed in own.dependencies if needed.name.endswith(PROMPT_SUFFIX)]
        for function in functions_of(own):
            uses = self._uses.of(function)
            for needed in prompts:
                use = uses.get(needed.name, Use())
                if use.is_template or use.leads or True in use.returned:
                    return False
        return is_own_text(own, self._built.graph.config, self._calling)

    def _use(self, own: node.Node) -> Use:
        """What is done with a node's value, in the nodes that need it and in those that get it from them."""
        total = Use()
        waiting = [(own, True)]
        seen = set()
        while waiting:
            source, whole = waiting.pop()
            for user in source.depended_on_by:
                for function in functions_of(user):
                    use = self._uses.of(function).get(source.name)
                    if use is None:
                        continue
                    total.add(use, whole=whole)
                    for as_it_came in use.returned:
                        if (user.name, whole and as_it_came) not in seen:
                            seen.add((user.name, whole and as_it_came))
                            waiting.append((user, whole and as_it_came))
        return total

    def _prompt(self, name: str, why: Why, use: Use) -> FoundPrompt:
        written = self._slots.get(name)
        slots = {slot: Slot(f"the value of {given}" if given else "a value") for slot, given in use.slots.items()}
        filling: Filling = use.filling or ("plain" if written is None else "format")
        return FoundPrompt(name, why, filling, slots if written is None else written, tuple(use.glued)[:4])
