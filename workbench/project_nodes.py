"""The nodes that Hamilton would make of a module, read from its source.

Source of what makes a node: Hamilton 1.90, graph_utils.find_functions and function_modifiers.config.
"""

import ast
from collections.abc import Mapping

from workbench.syntax_tree import syntax_tree

Nodes = Mapping[str, Mapping[str, str]]
"""Node name -> its parameters without a default -> their annotation."""


def nodes_in(source: bytes) -> tuple[Nodes, bool]:
    """The nodes that its public functions would make, and whether a prompt is among them or what they need.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: It doesn't parse.
    """
    tree = syntax_tree(source)
    functions = [own for own in tree.body if isinstance(own, ast.FunctionDef | ast.AsyncFunctionDef)]
    public = [own for own in functions if not own.name.startswith("_") and own.returns is not None and _is_typed(own)]
    nodes: dict[str, dict[str, str]] = {}
    for own in public:
        nodes.setdefault(own.name.partition("__")[0], {}).update(_needs(own))
    names = {*nodes, *(own.arg for function in public for own in (*function.args.args, *function.args.kwonlyargs))}
    tagged = any("kind='prompt'" in ast.unparse(mark) for own in public for mark in own.decorator_list)
    return nodes, tagged or any(own.endswith("_prompt") for own in names)


def _is_typed(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(own.annotation is not None for own in (*function.args.args, *function.args.kwonlyargs))


def _needs(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, str]:
    given = function.args
    required = given.args[: len(given.args) - len(given.defaults)]
    required += [own for own, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None]
    return {own.arg: ast.unparse(own.annotation) for own in required if own.annotation}
