"""The dataflows of a project and what they fill into their prompts, read from the source: nothing is imported."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dataflows.templates import Slot
from workbench.project_registry import assigned, listed_dataflows, literal, tree_of


@dataclass(frozen=True)
class Asked:
    """What a dataflow asks of its prompt modules."""

    modules: tuple[str, ...]
    slots: Mapping[str, Mapping[str, Slot]] | None
    """Prompt name -> slot name -> what is filled there; None when it can't be told without running the dataflow."""


def dataflows_of(root: Path) -> dict[str, Asked]:
    """Name -> what it asks, for every dataflow that dataflows/__init__.py lists; empty when it lists none plainly."""
    return {name: Asked(own.modules, _slots_of(root, own.modules)) for name, own in listed_dataflows(root).items()}


def _slots_of(root: Path, modules: tuple[str, ...]) -> dict[str, Mapping[str, Slot]] | None:
    slots: dict[str, Mapping[str, Slot]] = {}
    for name in modules:
        file = root.joinpath(*name.split("."))
        tree = tree_of(file.with_name(f"{file.name}.py")) or tree_of(file / "__init__.py")
        if tree is None:
            return None
        table = assigned(tree, "SLOTS")
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
    values = {name: literal(value) for name, value in given.items()}
    meaning, required = values.get("meaning"), values.get("required", False)
    return Slot(meaning, required) if isinstance(meaning, str) and isinstance(required, bool) else None
