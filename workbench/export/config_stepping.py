"""How the functions of a node step aside for a new variant of it, or why they can't."""

import ast
from collections.abc import Sequence

from workbench.errors import ExportError
from workbench.export.config_edits import Edit, first_line
from workbench.export.config_module import ConfigModule
from workbench.prompts.conditions import Condition, NodeFunction

_APART = "Export the draft as a module of its own (prompts_vN.py)."


def edits_for_room(module: ConfigModule, node: str, renamed: dict[str, str]) -> list[Edit]:
    """What has to change before the node can have a variant for the module's version; mostly nothing.

    Args:
        module: Where the variant goes.
        node: Of the prompt.
        renamed: Is given old name -> new name of each function whose name or condition changes.

    Raises:
        ExportError: There is such a variant, or a function whose condition can't be made to exclude it.
    """
    family = module.family(node)
    _refuse_other_bindings(module, node, family)
    edits: list[Edit] = []
    for own in family:
        where = f"{own.function.name} (line {own.function.lineno})"
        if own.unreadable:
            message = f"{where} has a condition that is not plain values"
            raise ExportError(message, f"Write it with plain values. {_APART}")
        if own.conditions:
            changed = _extended(module, own, where)
        else:
            changed = _made_default(module, own, where)
            renamed[own.function.name] = f"{node}__default"
        if changed:
            renamed.setdefault(own.function.name, own.function.name)
        edits += changed
    return edits


def _refuse_other_bindings(module: ConfigModule, node: str, family: Sequence[NodeFunction]) -> None:
    variant = f"{node}__{module.version}"
    for found in module.bindings.get(variant, []):
        raise ExportError(f"line {_line(found)} has {variant} already", "Export it under the next number.")
    functions = [own.function for own in family]
    for name in {node, *(function.name for function in functions)}:
        bindings = module.bindings.get(name, [])
        if len(bindings) > 1:
            lines = " and ".join(str(_line(found)) for found in bindings[:2])
            raise ExportError(f"{name} is defined more than once, in lines {lines}", "Remove one of them.")
        for found in bindings:
            if found not in functions or found not in module.statements:
                message = f"line {_line(found)} makes {name} otherwise than by a function at the module's top"
                raise ExportError(message, _APART)


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 1)


def _made_default(module: ConfigModule, own: NodeFunction, where: str) -> list[Edit]:
    """The edits that put an unconditional function under when_not_in, by another name."""
    name = f"{own.node}__default"
    if name in module.bindings:
        raise ExportError(f"{where} would become {name}, a name that is taken", f"Rename {name} in the file.")
    if own.foreign:
        raise ExportError(f"{where} has a decorator that is not Hamilton's", _APART)
    if line := module.python_uses.get(own.function.name):
        names = (node for node in ast.walk(module.tree) if isinstance(node, ast.Name) and node.lineno >= line)
        line = next((node.lineno for node in names if node.id == own.function.name), line)
        message = f"line {line} uses {own.function.name} as a Python function, which would be renamed {name}"
        raise ExportError(message, _APART)
    at = module.places.line_start(first_line(own.function))
    decorator = f'@{module.config}.when_not_in({module.key}=["{module.version}"])\n'
    return [Edit(at, at, module.places.in_lines(decorator)), module.places.renamed(own.function, name)]


def _extended(module: ConfigModule, own: NodeFunction, where: str) -> list[Edit]:
    """The edits that make a condition exclude the version, where it doesn't yet."""
    about = [condition for condition in own.conditions if module.key in condition.values]
    if not about:
        keys = ", ".join(key for condition in own.conditions for key in condition.values) or "no key"
        message = f"{where} depends on {keys} and not on {module.key}, so that it would be there beside the new variant"
        raise ExportError(message, f"Give it a condition on {module.key}, or choose another key.")
    if not own.may_hold(module.key, module.version):
        return []
    chosen = [condition for condition in about if condition.kind in ("when", "when_in")]
    if chosen:
        message = f"{where} is the variant for {module.key}={module.version} already"
        raise ExportError(message, "Export it under the next number.")
    condition = about[0]
    value = next(keyword.value for keyword in condition.call.keywords if keyword.arg == module.key)
    if condition.kind == "when_not":
        return _made_list(module, condition, value, where)
    return [_appended(module, value)]


def _made_list(module: ConfigModule, condition: Condition, value: ast.expr, where: str) -> list[Edit]:
    """when_not(version="v1") as when_not_in(version=["v1", "v2"])."""
    kind = condition.call.func
    if len(condition.call.keywords) > 1:
        message = f"{where} has a when_not of several values, which can't be extended"
        raise ExportError(message, "Write it as when_not_in, then export again.")
    start, end = module.places.start(value), module.places.end(value)
    behind = module.places.end(kind)
    return [
        Edit(behind, behind, "_in"),
        Edit(start, start, "["),
        Edit(end, end, f', "{module.version}"]'),
    ]


def _appended(module: ConfigModule, value: ast.expr) -> Edit:
    elements = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else []
    closing = module.places.end(value) - 1
    last = module.places.end(elements[-1]) if elements else module.places.start(value) + 1
    between = module.source[last:closing]
    if elements and ")" not in between:
        return Edit(last, last, f', "{module.version}"')
    # Behind its opening bracket: what is between the last value and the closing one need not be a plain comma.
    opening = module.places.start(value) + 1
    return Edit(opening, opening, f'"{module.version}", ')
