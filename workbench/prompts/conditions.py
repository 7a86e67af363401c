"""Which node a function makes, and under which config: Hamilton's @config.when and its kin, read and not run."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.prompts.function import Function
from workbench.prompts.reader import module_level

_HAMILTON = "hamilton.function_modifiers."
_CONFIG = (f"{_HAMILTON}config", f"{_HAMILTON}configuration.config")
_LISTED = ("when_in", "when_not_in")
_KINDS = ("when", "when_not", *_LISTED)
# They say something about a node and leave its value alone.
_SILENT = frozenset(f"{_HAMILTON}{name}" for name in ("tag", "metadata.tag"))


@dataclass(frozen=True)
class Condition:
    """One config decorator whose values are plain ones."""

    kind: str
    """"when", "when_not", "when_in" or "when_not_in"."""
    values: Mapping[str, Any]
    """Config key -> the value, or the tuple of values of when_in and when_not_in."""
    call: ast.Call

    def on_key(self, key: str) -> "Condition":
        """What it says about one of its keys alone."""
        return Condition(self.kind, {key: self.values[key]}, self.call)

    def holds(self, config: Mapping[str, Any]) -> bool:
        """Whether Hamilton would take the function under this config; a key that it lacks has the value None."""
        among = [config.get(key) in (value if self.kind in _LISTED else (value,)) for key, value in self.values.items()]
        return not any(among) if self.kind in ("when_not", "when_not_in") else all(among)


@dataclass(frozen=True)
class NodeFunction:
    """A public function of a module, as Hamilton would take it."""

    node: str
    """What its node is called: "a_prompt" for a function a_prompt__v2 with a condition."""
    function: Function
    conditions: tuple[Condition, ...]
    """All of them have to hold."""
    unreadable: bool
    """Whether there is a condition that can't be told without running it."""
    others: tuple[ast.expr, ...]
    """Decorators that are neither conditions nor tags."""
    foreign: bool
    """Whether a decorator is not Hamilton's."""

    @property
    def is_prompt(self) -> bool:
        """Whether its node's name, or a tag kind="prompt", says so."""
        calls = [own for own in self.function.decorator_list if isinstance(own, ast.Call)]
        said = [ast.unparse(keyword) for call in calls for keyword in call.keywords]
        return self.node.endswith("_prompt") or "kind='prompt'" in said

    def may_hold(self, key: str, value: str) -> bool:
        """Whether its conditions on one key, as far as they can be read, allow the value."""
        about = [condition.on_key(key) for condition in self.conditions if key in condition.values]
        return all(condition.holds({key: value}) for condition in about)

    def smallest_config(self) -> dict[str, Any] | None:
        """The smallest config under which Hamilton takes it; None when that can't be told without running it."""
        config: dict[str, Any] = {}
        for condition in self.conditions:
            if condition.kind == "when":
                config.update(condition.values)
            elif condition.kind == "when_in":
                config.update({key: values[0] for key, values in condition.values.items() if values})
        holds = not self.unreadable and all(condition.holds(config) for condition in self.conditions)
        return config if holds else None

    def is_about(self, key: str) -> bool:
        """Whether it has a condition on the key."""
        return any(key in condition.values for condition in self.conditions)


def node_functions(tree: ast.Module) -> list[NodeFunction]:
    """Every public function outside of functions and classes, in the order they stand."""
    nodes = list(module_level(tree))
    imported = imported_paths(nodes)
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [_node_function(function, imported) for function in functions if not function.name.startswith("_")]


def imported_paths(nodes: list[ast.AST]) -> dict[str, str]:
    """Name in the module -> what its import says it is ("config" -> "hamilton.function_modifiers.config")."""
    paths = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                paths[bound] = alias.name if alias.asname else bound
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                names = ("config", "tag") if alias.name == "*" else (alias.name,)
                paths.update({alias.asname or name: f"{node.module}.{name}" for name in names})
    return paths


def is_config(path: str) -> bool:
    """Whether a dotted path is Hamilton's config."""
    return path in _CONFIG


def _node_function(function: Function, imported: Mapping[str, str]) -> NodeFunction:
    conditions = []
    others = []
    node = ""
    unreadable = False
    foreign = False
    for decorator in function.decorator_list:
        path = _path(decorator.func if isinstance(decorator, ast.Call) else decorator, imported)
        config, _, kind = path.rpartition(".")
        if path in _SILENT:
            continue
        if not is_config(path) and not (is_config(config) and kind in _KINDS):
            others.append(decorator)
            foreign = foreign or not path.startswith("hamilton.")
            continue
        given, condition = _condition(kind, decorator)
        node = given or node or function.name.rpartition("__")[0] or function.name
        if condition is None:
            unreadable = True
        else:
            conditions.append(condition)
    return NodeFunction(node or function.name, function, tuple(conditions), unreadable, tuple(others), foreign)


def _path(node: ast.expr, imported: Mapping[str, str]) -> str:
    """The dotted path that an expression names; empty for another expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([imported.get(node.id, node.id), *reversed(parts)])


def _condition(kind: str, decorator: ast.expr) -> tuple[str, Condition | None]:
    """The name it gives the node, mostly empty, and the condition; None when it is not one of plain values."""
    if not isinstance(decorator, ast.Call) or kind not in _KINDS:
        return "", None
    try:
        values = {keyword.arg: ast.literal_eval(keyword.value) for keyword in decorator.keywords}
        # when_not_in knows no name: Hamilton 1.90 takes it for a config key.
        given = values.pop("name", "") if kind != "when_not_in" else ""
        if decorator.args or None in values or not isinstance(given, str):
            return "", None
        if kind in _LISTED:
            values = {key: _listed(value) for key, value in values.items()}
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return "", None
    return given, Condition(kind, {str(key): value for key, value in values.items()}, decorator)


def _listed(values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list | tuple | set):
        raise TypeError("a text is no list of values")
    return tuple(values)
