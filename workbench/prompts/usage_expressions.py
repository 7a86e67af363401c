"""What the expressions of a function give."""

import ast
from abc import abstractmethod
from collections.abc import Sequence

from workbench.prompts.usage import NOTHING, Value, filled
from workbench.prompts.usage_calls import Calls
from workbench.prompts.usage_names import operands_of

_MOST_STEPS = 20_000


class TooLongError(Exception):
    """A function has more in it than is worth reading."""


class Expressions(Calls):
    """Reads expressions."""

    _steps = 0

    @abstractmethod
    def give_back(self, value: Value) -> None:
        """The function returns or yields it."""

    def value(self, expression: ast.expr | None) -> Value:
        """What an expression gives, after noting what it does."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise TooLongError
        match expression:
            case ast.Name(id=name):
                return self.held.get(name, NOTHING)
            case ast.Call():
                return self.call(expression)
            case ast.JoinedStr() | ast.BinOp(op=ast.Add()):
                return self.glue(operands_of(expression))
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return self.percent(left, right)
            case ast.BinOp(left=left, op=operator, right=right):
                both = self.value(left) | self.value(right)
                return both if isinstance(operator, ast.Mult | ast.BitOr) else filled(both)
            case ast.Dict(keys=keys, values=values):
                names = [str(key.value) if isinstance(key, ast.Constant) else None for key in keys]
                return self.message(list(zip(names, values, strict=True)))
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.BoolOp(values=parts):
                return NOTHING.union(*map(self.value, parts))
            case ast.IfExp(test=test, body=body, orelse=other):
                self.value(test)
                return self.value(body) | self.value(other)
            case ast.NamedExpr(target=target, value=value):
                return self.assign([target], value)
            case ast.Yield(value=value) | ast.YieldFrom(value=value):
                self.give_back(self.value(value))
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                return self.value(value)
            case ast.Await(value=value) | ast.Starred(value=value) | ast.FormattedValue(value=value):
                return self.value(value)
            case ast.Lambda():
                return self.inner(expression, {})
            case ast.ListComp(elt=element, generators=generators) | ast.SetComp(elt=element, generators=generators):
                return self._comprehension(generators, [element])
            case ast.GeneratorExp(elt=element, generators=generators):
                return self._comprehension(generators, [element])
            case ast.DictComp(key=key, value=element, generators=generators):
                return self._comprehension(generators, [key, element])
            case ast.Compare(left=left, comparators=others):
                for operand in [left, *others]:
                    self.value(operand)
        return NOTHING

    def assign(self, targets: Sequence[ast.expr], expression: ast.expr) -> Value:
        """Targets are set to what an expression gives."""
        if isinstance(expression, ast.Tuple) and len(targets) == 1 and _is_pair_of(targets[0], len(expression.elts)):
            return NOTHING.union(*map(self.assign, ([own] for own in _parts(targets[0])), expression.elts))
        value = self.value(expression)
        for target in targets:
            self._store(target, value, expression)
        return value

    def each(self, target: ast.expr, source: ast.expr) -> None:
        """A target is set to each of what an expression gives; those of zip, enumerate and items one by one."""
        match source:
            case ast.Call(func=ast.Name(id="zip"), args=sources) if _is_pair_of(target, len(sources)):
                for part, own in zip(_parts(target), sources, strict=True):
                    self.each(part, own)
            case ast.Call(func=ast.Name(id="enumerate"), args=[own, *_]) if _is_pair_of(target, 2):
                self._store(_parts(target)[0], NOTHING, None)
                self.each(_parts(target)[1], own)
            case ast.Call(func=ast.Attribute(attr="items"), args=[]) if _is_pair_of(target, 2):
                self._store(_parts(target)[0], NOTHING, None)
                self._store(_parts(target)[1], self.value(source), None)
            case _:
                self._store(target, self.value(source), None)

    def _store(self, target: ast.expr, value: Value, expression: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.set(target.id, value, expression)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            self.hold(target, value)
        for part in _parts(target):
            self._store(part, value, None)

    def _comprehension(self, generators: Sequence[ast.comprehension], elements: Sequence[ast.expr]) -> Value:
        before = self.held
        self.held = dict(before)
        for generator in generators:
            self.each(generator.target, generator.iter)
            for condition in generator.ifs:
                self.value(condition)
        value = NOTHING.union(*map(self.value, elements))
        self.held = before
        return value


def _parts(target: ast.expr) -> list[ast.expr]:
    """a and b of (a, b)."""
    if isinstance(target, ast.Starred):
        return [target.value]
    return target.elts if isinstance(target, ast.Tuple | ast.List) else []


def _is_pair_of(target: ast.expr, count: int) -> bool:
    """Whether it is so many targets, none of them for several values."""
    parts = _parts(target)
    return len(parts) == count > 0 and not any(isinstance(part, ast.Starred) for part in parts)
