"""The table DATAFLOWS of a project, read from the source of dataflows/__init__.py: nothing is imported."""

import ast
from dataclasses import fields
from pathlib import Path
from typing import Any

from dataflows import Dataflow
from workbench.syntax_tree import syntax_tree

_FIELDS = {own.name for own in fields(Dataflow)}
_LISTS = ("modules", "also_prompts", "never_prompts")
_TABLES = ("config", "inputs", "small_model")


def listed_dataflows(root: Path) -> dict[str, Dataflow]:
    """Name -> dataflow, for every one that the table lists; empty when there is no such table, or no plain one.

    Fields that are no literals, or that we don't know, are left out, and so are dataflows whose names, modules or
    prompts could lead out of the project.
    """
    table = assigned(tree_of(root / "dataflows" / "__init__.py"), "DATAFLOWS")
    if not isinstance(table, ast.Dict):
        return {}
    listed = {
        key.value: _dataflow(value)
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Call)
    }
    return {name: own for name, own in listed.items() if name.isidentifier() and _stays_in(root, own)}


def tree_of(path: Path) -> ast.Module | None:
    """The code of a file as a tree; None when it can't be read or does not parse."""
    try:
        return syntax_tree(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def assigned(tree: ast.Module | None, name: str) -> ast.expr | None:
    """What a module assigns to a name outside of functions and classes, the first time; None when it doesn't."""
    for node in tree.body if tree else ():
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value
    return None


def literal(node: ast.expr) -> object:
    """The value of a literal; None of anything else."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _stays_in(root: Path, own: Dataflow) -> bool:
    names = [part for module in own.modules for part in module.split(".")]
    return all(part.isidentifier() for part in names) and (root / own.prompts).resolve().is_relative_to(root.resolve())


def _dataflow(call: ast.Call) -> Dataflow:
    given: dict[str, ast.expr] = {"modules": call.args[0]} if call.args else {}
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg in _FIELDS}
    values = {name: _value(name, literal(value)) for name, value in given.items()}
    return Dataflow(**{"modules": (), **{name: value for name, value in values.items() if value is not None}})


def _value(name: str, value: object) -> Any:
    """The value as its field takes it; None when it does not."""
    if name in _LISTS:
        return tuple(map(str, value)) if isinstance(value, tuple | list) else None
    return value if isinstance(value, dict if name in _TABLES else str) else None
