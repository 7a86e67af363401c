"""Calls inside of a function: of models, of other functions of the project, of anything else."""

import ast
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

from workbench.prompts.function import Function
from workbench.prompts.usage import NOTHING, Use, Value, filled
from workbench.prompts.usage_arguments import bound
from workbench.prompts.usage_models import TEXTS, is_model_call
from workbench.prompts.usage_source import tree_of
from workbench.prompts.usage_texts import PUTTING, Texts

Follow = Callable[[FunctionType], Mapping[str, Use]]

_SYSTEM = ("system", "developer")
_SILENT = frozenset(["bool", "debug", "hash", "id", "info", "isinstance", "len", "print", "type", "warning"])
# fmt: off
_KEEPING = frozenset([
    "cast", "chain", "cleandoc", "copy", "cycle", "dedent", "deepcopy", "from_template", "gather", "iter", "list",
    "next", "repeat", "reversed", "set", "sorted", "str", "tuple", "zip",
])
# fmt: on
_LATER = ("target", "func", "function", "fn")
_FILLING = ("fill", "fill_some")


class Calls(Texts):
    """Reads calls.

    Args:
        parameters: Of the function.
        namespace: Of its module.
        follow: Gives the uses of another function.
    """

    def __init__(self, parameters: Sequence[str], namespace: Mapping[str, Any], follow: Follow) -> None:
        super().__init__(parameters, namespace)
        self._follow = follow

    @abstractmethod
    def inner(self, function: Function | ast.Lambda, given: Mapping[str, Value]) -> Value:
        """What a function inside of this one gives when its parameters have these values."""

    def call(self, call: ast.Call) -> Value:
        """What a call gives."""
        if is_model_call(call, self):
            return self._ask(call)
        if (function := self.function(call.func)) is not None:
            return self._enter(function, call.args, call.keywords)
        if isinstance(call.func, ast.Attribute):
            method, base = call.func.attr, call.func.value
            text = self.value(base)
            if text or self.constant(base) is not None or method in PUTTING:
                return self.method(call, method, base, text)
        for place, argument in enumerate(
            call.args
        ):  # submit(function, ...), map(function, ...), partial(function, ...)
            if (function := self.function(argument)) is not None:
                before = NOTHING.union(*map(self.value, call.args[:place]))
                return before | self._enter(function, call.args[place + 1 :], call.keywords)
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        for name in _LATER:  # Thread(target=function, args=(...), kwargs={...})
            if name in named and (function := self.function(named[name])) is not None:
                values = self.set_to(named.get("args", call))
                keywords = [ast.keyword(None, named["kwargs"])] if "kwargs" in named else []
                return self._enter(function, values.elts if isinstance(values, ast.Tuple | ast.List) else [], keywords)
        return self._unknown(call)

    def message(self, pairs: Sequence[tuple[str | None, ast.expr]]) -> Value:
        """What a dictionary holds; of a message, its content only."""
        given = dict(pairs)
        if "role" not in given or "content" not in given:
            return NOTHING.union(*(self.value(value) for _, value in pairs))
        content = self.value(given["content"])
        if self.constant(given["role"]) in _SYSTEM:
            self._note_system(content)
        return content

    def _note_system(self, content: Value) -> None:
        for name, whole in content:
            self.uses[name].is_system |= whole

    def _ask(self, call: ast.Call) -> Value:
        given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in TEXTS)]
        for name, whole in NOTHING.union(*map(self.value, given)):
            use = self.uses[name]
            use.asked = True
            if whole:
                use.asked_alone = True
                use.fillings.add("plain")
        return NOTHING  # an answer is no prompt

    def _unknown(self, call: ast.Call) -> Value:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else self.called(call.func)
        pairs = [*((None, argument) for argument in call.args), *((own.arg, own.value) for own in call.keywords)]
        value = self.message(pairs)
        if name in _SILENT:
            return NOTHING
        if name.endswith("Template") or name == "from_string":
            self.note(value, "plain", {})
        if name.startswith("System"):
            self._note_system(value)
        # What begins with a capital is a class: its object holds what it was given.
        return value if name in _KEEPING or name == "dict" or name[:1].isupper() else filled(value)

    def _enter(
        self,
        function: FunctionType | Function | ast.Lambda,
        positional: Sequence[ast.expr],
        keywords: Sequence[ast.keyword],
    ) -> Value:
        """What a function of the project gives."""
        if not isinstance(function, FunctionType):
            return self.inner(function, bound(function.args, positional, keywords, self))
        tree = tree_of(function)
        if tree is None:
            return filled(NOTHING.union(*map(self.value, [*positional, *(keyword.value for keyword in keywords)])))
        given = bound(tree.args, positional, keywords, self)
        if function.__module__.endswith("dataflows.templates"):
            return self._template(function.__name__, given, positional)
        uses = self._follow(function)
        result: set[tuple[str, bool]] = set()
        for parameter, value in given.items():
            use = uses.get(parameter, Use())
            for name, whole in value:
                self.uses[name].add(use, whole=whole)
                result |= {(name, whole and as_it_came) for as_it_came in use.returned}
        return frozenset(result)

    def _template(self, name: str, given: Mapping[str, Value], positional: Sequence[ast.expr]) -> Value:
        """What our own templates give, whose grammar is that of str.format."""
        if name not in _FILLING:
            return NOTHING
        items, whole = self.items(positional[1]) if len(positional) > 1 else ({}, False)
        self.note(given.get("template", NOTHING), "format" if whole else "plain", items)
        return filled(NOTHING.union(*given.values()))
