"""The prompts of any Python source, variants under @config.when too, so that each can begin a draft; nothing is run."""

import ast
import copy
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench.errors import VersionError
from workbench.prompts.conditions import NodeFunction, node_functions
from workbench.prompts.function import read_function
from workbench.prompts.reader import bound_names, module_level, module_tree
from workbench.records import Prompt


@dataclass(frozen=True)
class Opened:
    """One prompt function of a source."""

    name: str
    """Of its node: "a_prompt" for a function a_prompt__v2 under @config.when."""
    function: str
    condition: Mapping[str, Any] | None
    """The smallest config under which Hamilton takes the function; None when that can't be told without running it."""
    prompt: Prompt
    """Under its node's name; it has a reason when the function is more than a text."""


def open_source(source: str, name: str = "", names: Collection[str] | None = None) -> tuple[Opened, ...]:
    """Every prompt function, in the order they stand.

    Args:
        source: Text of a Python module.
        name: What the source is called, for messages; may be empty.
        names: Nodes or functions to open; None: every node whose name ends in "_prompt".

    Raises:
        VersionError: The source is no Python.
    """
    try:
        tree = module_tree(source)
    except VersionError as error:
        raise error.at(name) from error
    functions = node_functions(tree)
    statements = set(tree.body)
    wanted = None if names is None else set(names)
    nodes = {own.node for own in functions}
    bound = Counter(found for node in module_level(tree) for found in bound_names(node))
    opened = []
    for own in functions:
        if not (own.node.endswith("_prompt") if wanted is None else {own.node, own.function.name} & wanted):
            continue
        prompt = _prompt(own, nodes)
        if bound[own.function.name] > 1:
            prompt = replace(prompt, template="", reason="it is defined more than once")
        elif own.function not in statements:
            prompt = replace(prompt, template="", reason="it is defined inside another statement")
        opened.append(Opened(own.node, own.function.name, own.smallest_config(), prompt))
    return tuple(opened)


def _prompt(own: NodeFunction, nodes: Collection[str]) -> Prompt:
    """The function read as if it stood in a version's module, under its node's name and without conditions and tags."""
    plain: ast.FunctionDef | ast.AsyncFunctionDef = copy.copy(own.function)
    plain.name = own.node
    plain.decorator_list = list(own.others)
    return read_function(plain, nodes)
