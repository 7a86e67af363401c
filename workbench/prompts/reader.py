"""Prompts out of a module's source, read as a tree and never run: importing a file may do anything."""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from workbench.errors import VersionError
from workbench.prompts.function import Function, read_function
from workbench.prompts.python_text import normal_doc
from workbench.records import Prompt
from workbench.syntax_tree import syntax_tree

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_prompts(source: str, names: Collection[str] | None = None) -> dict[str, Prompt]:
    """The module's prompts by name, in the order they stand; one that is more than a text has a reason.

    Args:
        source: Text of a Python module.
        names: Functions to read; None: every public one whose name ends in "_prompt".

    Raises:
        VersionError: The source is no Python.
    """
    tree = module_tree(source)
    nodes = list(module_level(tree))
    functions = [node for node in nodes if isinstance(node, _FUNCTIONS)]
    public = set(_public(functions))
    wanted = {name for name in public if name.endswith("_prompt")} if names is None else names
    bound = Counter(name for node in nodes for name in bound_names(node))
    prompts = {}
    for function in functions:
        if function.name not in wanted:
            continue
        prompt = read_function(function, public)
        if bound[function.name] > 1:
            prompt = replace(prompt, template="", reason="it is defined more than once")
        elif function not in tree.body:
            prompt = replace(prompt, template="", reason="it is defined inside another statement")
        prompts[function.name] = prompt
    return prompts


def function_names(source: str) -> list[str]:
    """Every public function of the module, prompts or not: what Hamilton would make nodes of.

    Raises:
        VersionError: The source is no Python.
    """
    return _public(node for node in module_level(module_tree(source)) if isinstance(node, _FUNCTIONS))


def module_doc(source: str) -> str:
    """The module's docstring; empty when it has none.

    Raises:
        VersionError: The source is no Python.
    """
    return normal_doc(ast.get_docstring(module_tree(source)) or "")


def module_tree(source: str) -> ast.Module:
    """The source as a tree; a byte order mark before it counts for nothing.

    Raises:
        VersionError: The source is no Python.
    """
    try:
        return syntax_tree(source.removeprefix("\ufeff"))
    except SyntaxError as error:
        message = f"line {error.lineno or 1} is not Python: {error.msg}"
        raise VersionError(message, "Correct the file, then open it again.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        message = f"the file can't be read as Python ({type(error).__name__})"
        raise VersionError(message, "Open a module of plain prompt functions.") from error


def module_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node outside of functions and classes, in order; a function or class itself is given, not entered."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Lambda)):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _public(functions: Iterable[Function]) -> list[str]:
    return [function.name for function in functions if not function.name.startswith("_")]


def bound_names(node: ast.AST) -> list[str]:
    """The names that this node by itself gives a meaning or takes it from."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).partition(".")[0]]
    return []
