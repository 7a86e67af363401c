"""The dataflows of a project and what they fill into their prompts, read from the source: nothing is imported."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dataflows.templates import Slot


@dataclass(frozen=True)
class Asked:
    """What a dataflow asks of its prompt modules."""

    modules: tuple[str, ...]
    slots: Mapping[str, Mapping[str, Slot]] | None
    """Prompt name -> slot name -> what is filled there; None when it can't be told without running the dataflow."""


def dataflows_of(root: Path) -> dict[str, Asked]:
    """Name -> what it asks, for every dataflow that dataflows/__init__.py lists; empty when it lists none plainly."""
    table = _assigned(_tree(root / "dataflows" / "__init__.py"), "DATAFLOWS")
    if not isinstance(table, ast.Dict):
        return {}
    found = {}
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Call):
            modules = _modules(value)
            found[key.value] = Asked(modules, _slots_of(root, modules))
    return found


def _modules(call: ast.Call) -> tuple[str, ...]:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "modules"] or call.args[:1]
    names = _literal(given[0]) if given else ()
    return tuple(str(name) for name in names) if isinstance(names, tuple | list) else ()


def _slots_of(root: Path, modules: tuple[str, ...]) -> dict[str, Mapping[str, Slot]] | None:
    slots: dict[str, Mapping[str, Slot]] = {}
    for name in modules:
        file = root.joinpath(*name.split("."))
        tree = _tree(file.with_name(f"{file.name}.py")) or _tree(file / "__init__.py")
        if tree is None:
            return None
        table = _assigned(tree, "SLOTS")
        read = {} if table is None else _slot_table(table)
        if read is None:
            return None
        slots.update(read)
    return slots


def _slot_table(table: ast.expr) -> dict[str, Mapping[str, Slot]] | None:
    if not isinstance(table, ast.Dict):
        return None
    slots: dict[str, Mapping[str, Slot]] = {}
    for key, value in zip(table.keys, table.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(value, ast.Dict):
            return None
        own = {}
        for name, slot in zip(value.keys, value.values, strict=True):
            read = _slot(slot)
            if not isinstance(name, ast.Constant) or read is None:
                return None
            own[str(name.value)] = read
        slots[str(key.value)] = own
    return slots


def _slot(call: ast.expr) -> Slot | None:
    """The Slot that the call would make."""
    if not isinstance(call, ast.Call) or len(call.args) > len(Slot.__dataclass_fields__):
        return None
    given: dict[str | None, ast.expr] = dict(zip(Slot.__dataclass_fields__, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    values = {name: _literal(value) for name, value in given.items()}
    meaning, required = values.get("meaning"), values.get("required", False)
    return Slot(meaning, required) if isinstance(meaning, str) and isinstance(required, bool) else None


def _tree(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _assigned(tree: ast.Module | None, name: str) -> ast.expr | None:
    for node in tree.body if tree else ():
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value
    return None


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
