"""Reads a function, statement by statement, for what it does with the texts it is given."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.prompts.function import Function
from workbench.prompts.usage import NOTHING, Value
from workbench.prompts.usage_arguments import parameters_of
from workbench.prompts.usage_calls import Follow
from workbench.prompts.usage_expressions import Expressions
from workbench.prompts.usage_names import operands_of

_MOST_INNER = 4
"""Functions inside of functions that are entered at a time."""


class Reading(Expressions):
    """One function; its uses are complete once it is made.

    Args:
        function: Its tree.
        namespace: Of its module.
        follow: Gives the uses of another function.
    """

    def __init__(self, function: Function, namespace: Mapping[str, Any], follow: Follow) -> None:
        super().__init__(parameters_of(function.args), namespace, follow)
        self._given_back: Value = NOTHING
        self._entered = 0
        self._function = function

    def read(self) -> None:
        """Note all uses."""
        try:
            self._run(self._function.body)
        finally:
            for name, whole in self._given_back:
                self.uses[name].returned.add(whole)

    def inner(self, function: Function | ast.Lambda, given: Mapping[str, Value]) -> Value:
        """What a function inside of this one gives when its parameters have these values."""
        if self._entered == _MOST_INNER:
            return NOTHING
        held, back = self.held, self._given_back
        self.held = {**held, **dict.fromkeys(parameters_of(function.args), NOTHING), **given}
        self._given_back = NOTHING
        self._entered += 1
        try:
            if isinstance(function, ast.Lambda):
                return self.value(function.body)
            self._run(function.body)
            return self._given_back
        finally:
            self._entered -= 1
            self.held, self._given_back = held, back

    def give_back(self, value: Value) -> None:
        """The function returns or yields it."""
        self._given_back |= value

    def _run(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Return(value=value):
                self.give_back(self.value(value))
            case ast.Expr(value=value):
                self.value(value)
            case ast.Assign(targets=targets, value=value):
                self.assign(targets, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign([target], value)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=ast.Add(), value=added):
                self.set(name, self.glue([ast.Name(name, ast.Load()), *operands_of(added)]), statement.value)
            case ast.AugAssign(target=target, value=value):
                self.hold(target, self.value(value))
            case ast.If(test=test, body=body, orelse=other):
                self.value(test)
                self._either([body, other])
            case ast.For(target=target, iter=each, body=body) | ast.AsyncFor(target=target, iter=each, body=body):
                self.each(target, each)
                self._loop(body)
                self._run(statement.orelse)
            case ast.While(test=test, body=body, orelse=other):
                self.value(test)
                self._loop(body)
                self._run(other)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    self.assign([item.optional_vars] if item.optional_vars else [], item.context_expr)
                self._run(body)
            case ast.Try() | ast.TryStar():
                self._run(statement.body)
                self._either([statement.orelse, *(handler.body for handler in statement.handlers)])
                self._run(statement.finalbody)
            case ast.Match(subject=subject, cases=cases):
                self.value(subject)
                self._either([[], *(case.body for case in cases)])
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.local[statement.name] = statement
                self.inner(statement, {})

    def _either(self, branches: Sequence[Sequence[ast.stmt]]) -> None:
        """After it, names hold what they hold at the end of any branch."""
        before = self.held
        after: dict[str, Value] = {}
        for branch in branches:
            self.held = dict(before)
            self._run(branch)
            for name, value in self.held.items():
                after[name] = after.get(name, NOTHING) | value
        self.held = after

    def _loop(self, body: Sequence[ast.stmt]) -> None:
        """Twice, so that what the end of the body does to a name is seen at its beginning."""
        self._either([[], body])
        self._either([[], body])
