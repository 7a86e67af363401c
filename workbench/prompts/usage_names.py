"""What the names inside of one function stand for, as far as its text tells."""

import ast
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any

from workbench.prompts.function import Function
from workbench.prompts.usage import NOTHING, Value
from workbench.prompts.usage_source import function_behind, meaning_of

_STEPS = 5
"""How many names that stand for names are looked through."""


class Names:
    """The names of one function while it is read.

    Args:
        parameters: Of the function.
        namespace: Of its module.
    """

    def __init__(self, parameters: Sequence[str], namespace: Mapping[str, Any]) -> None:
        self.held: dict[str, Value] = {name: frozenset([(name, True)]) for name in parameters}
        """Name -> which parameters are in it now."""
        self.local: dict[str, Function] = {}
        """Functions inside of the function."""
        self._namespace = namespace
        self._set_to: dict[str, list[ast.expr | None]] = {}
        self._changed: set[str] = set()

    def set(self, name: str, value: Value, expression: ast.expr | None) -> None:
        """A name gets a value, from an expression or from elsewhere."""
        self.held[name] = value
        known = self._set_to.setdefault(name, [])
        if all(expression is not other for other in known):
            known.append(expression)

    def hold(self, place: ast.expr, value: Value) -> None:
        """The object that an expression names holds a value beside what it held."""
        while isinstance(place, ast.Attribute | ast.Subscript):
            place = place.value
        if isinstance(place, ast.Name):
            self.held[place.id] = self.held.get(place.id, NOTHING) | value
            self._changed.add(place.id)

    def set_to(self, expression: ast.expr) -> ast.expr:
        """The expression that a name was set to, where that is one; any other expression is itself."""
        for _ in range(_STEPS):
            known = self._set_to.get(expression.id, []) if isinstance(expression, ast.Name) else []
            if len(known) != 1 or known[0] is None:
                break
            expression = known[0]
        return expression

    def constant(self, expression: ast.expr) -> str | None:
        """The text of a literal, or of a name that stands for one; None when it is none, or can't be told."""
        expression = self.set_to(expression)
        if isinstance(expression, ast.Constant):
            return str(expression.value)
        meant = self.outside(expression)
        return meant if type(meant) is str else None  # not isinstance, which would ask the object

    def outside(self, expression: ast.expr) -> Any:
        """What a path that begins outside of the function stands for; None when unknown."""
        root = expression
        while isinstance(root, ast.Attribute):
            root = root.value
        is_local = isinstance(root, ast.Name) and (root.id in self.held or root.id in self.local)
        return None if is_local else meaning_of(expression, self._namespace)

    def function(self, expression: ast.expr) -> FunctionType | Function | ast.Lambda | None:
        """The function that an expression stands for; None when it is none of the project."""
        if isinstance(expression, ast.Name) and expression.id in self.local:
            return self.local[expression.id]
        expression = self.set_to(expression)
        return expression if isinstance(expression, ast.Lambda) else function_behind(self.outside(expression))

    def items(self, expression: ast.expr) -> tuple[dict[str, str], bool]:
        """Key -> name of its value, of a dictionary that is written down; and whether these are all of its keys."""
        is_whole = not (isinstance(expression, ast.Name) and expression.id in self._changed)
        expression = self.set_to(expression)
        if isinstance(expression, ast.Call) and self.called(expression.func) == "dict" and not expression.args:
            pairs: list[tuple[ast.expr | None, ast.expr]] = [
                (ast.Constant(own.arg) if own.arg else None, own.value) for own in expression.keywords
            ]
        elif isinstance(expression, ast.Dict):
            pairs = list(zip(expression.keys, expression.values, strict=True))
        else:
            return {}, False
        items: dict[str, str] = {}
        for key, value in pairs:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                items[key.value] = self.called(value)
            elif key is None and isinstance(self.set_to(value), ast.Dict) and self.set_to(value) is not expression:
                more, whole = self.items(value)
                items |= more
                is_whole &= whole
            else:
                is_whole = False
        return items, is_whole

    def called(self, expression: ast.expr) -> str:
        """The name that tells a person what a value is: "notes" for "- ".join(notes); empty when there is none."""
        match expression:
            case ast.Name(id=name):
                return name
            case ast.Call(func=ast.Attribute(value=base), args=[]) if self.constant(base) is None:
                return self.called(base)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in self.held:
                return name
            case ast.Call(args=[first, *_]):
                return self.called(first)
            case ast.GeneratorExp(generators=[first, *_]) | ast.ListComp(generators=[first, *_]):
                return self.called(first.iter)
            case ast.Attribute(attr=name):
                return name
            case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
                return next(filter(None, map(self.called, parts)), "")
            case ast.BinOp(left=left, right=right):
                return self.called(left) or self.called(right)
            case ast.Await() | ast.Starred() | ast.Subscript() | ast.FormattedValue():
                return self.called(expression.value)
        return ""


def operands_of(expression: ast.expr) -> list[ast.expr]:
    """a, b and c of a + b + c; the parts of an f-string, also of one among them."""
    operands: list[ast.expr] = []
    while isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add):
        operands.append(expression.right)
        expression = expression.left
    parts: list[ast.expr] = []
    for operand in [expression, *reversed(operands)]:
        parts += operand.values if isinstance(operand, ast.JoinedStr) else [operand]
    return [part.value if isinstance(part, ast.FormattedValue) else part for part in parts]
