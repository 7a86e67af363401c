"""Texts that are filled and glued: what that tells of the parameters in them."""

import ast
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.prompts.usage import NOTHING, Filling, Use, Value, filled
from workbench.prompts.usage_names import Names, operands_of

# What may stand before a text that leads: nothing, or a label such as "System: " or "### Task\n".
_LABEL = re.compile(r"[\W_]*(?:\w+[ ]?\w*[\W_]*[:\n][\W_]*)?")
_LONGEST_LABEL = 40
_SLOT = re.compile(r"\{(\w+)\}")
_MARK = re.compile(r"<.+>|\[.+\]|%.+%|\$.+|@.+|__.+__|\{.+\}", re.DOTALL)
_KEEPING = frozenset(["strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "expandtabs"])
_HOLDING = frozenset(["copy", "get", "items", "pop", "result", "values"])
PUTTING = frozenset(["add", "append", "extend", "insert", "put", "setdefault", "update"])
_RENDERING = frozenset(["render", "safe_substitute", "substitute"])


class Texts(Names, ABC):
    """The uses of one function's parameters, while it is read."""

    def __init__(self, parameters: Sequence[str], namespace: Mapping[str, Any]) -> None:
        super().__init__(parameters, namespace)
        self.uses = {name: Use() for name in parameters}

    @abstractmethod
    def value(self, expression: ast.expr | None) -> Value:
        """What an expression gives, after noting what it does; asked once for each expression, or time explodes."""

    def glue(self, operands: Sequence[ast.expr]) -> Value:
        """One text of many."""
        values = [self.value(operand) for operand in operands]
        if any(isinstance(self.set_to(operand), ast.List | ast.ListComp | ast.Tuple) for operand in operands):
            return NOTHING.union(*values)  # one list of many
        texts = [self.constant(operand) for operand in operands]
        names = [frozenset(name for name, _ in value) for value in values]
        data = [place for place, text in enumerate(texts) if text is None]
        result: set[tuple[str, bool]] = set()
        for place in data:
            for name, whole in values[place]:
                others = [other for other in data if other != place and name not in names[other]]
                is_first = place == data[0] and _is_label("".join(text or "" for text in texts[:place]))
                result.add((name, whole and is_first and not others))
                if not others:
                    continue
                use = self.uses[name]
                use.glued |= dict.fromkeys(filter(None, (self.called(operands[other]) for other in others)))
                if whole:
                    use.fillings.add("plain")
                    use.leads |= is_first
        return frozenset(result)

    def percent(self, left: ast.expr, right: ast.expr) -> Value:
        """What left % right gives."""
        literal = self.constant(left)
        if literal is not None:
            parts = right.elts if isinstance(right, ast.Tuple) else [right]
            return filled(self.glue([ast.Constant(literal.partition("%")[0]), *parts]))
        template = self.value(left)
        self.note(template, "percent", self.items(right)[0])
        return filled(template | self.value(right))

    def method(self, call: ast.Call, method: str, base: ast.expr, text: Value) -> Value:
        """What a method gives, of a value that holds parameters, or of a literal."""
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        literal = self.constant(base)
        if literal is not None and method == "format":
            return filled(self.glue([ast.Constant(literal.partition("{")[0]), *given]))
        if method == "join" and given:
            listed = self.set_to(given[0])
            if isinstance(listed, ast.List | ast.Tuple):
                return filled(self.glue(listed.elts))
        values = NOTHING.union(*map(self.value, given))
        if method in PUTTING:
            self.hold(base, values)
            return NOTHING
        if method in _HOLDING:
            return text | values
        if method in _KEEPING:
            return text
        if method == "replace" and given:
            self._replace(given, text)
            return text | filled(values)
        if method in ("format", "format_map", *_RENDERING):
            kind, slots = self._formatted(call) if method not in _RENDERING else ("plain", {})
            self.note(text, kind, slots)
        return filled(text | values)

    def note(self, template: Value, kind: Filling, slots: Mapping[str, str]) -> None:
        """A value is a template, and this is filled into it."""
        for name, whole in template:
            use = self.uses[name]
            if whole or kind == "format":  # which also decides about braces in what the template is made of
                use.is_template |= whole
                use.fillings.add(kind)
                use.slots = {**slots, **use.slots}

    def _replace(self, given: Sequence[ast.expr], text: Value) -> None:
        """A replacement of "{name}" fills a slot, one of "<name>" fills something; any other only tidies up."""
        searched = self.constant(given[0])
        slots: dict[str, str] = {}
        if searched is None:
            parts = operands_of(given[0])
            if not any("{" in (self.constant(part) or "") for part in parts):
                return
        elif slot := _SLOT.fullmatch(searched):
            slots = {slot[1]: self.called(given[1]) if len(given) > 1 else ""}
        elif not _MARK.fullmatch(searched):
            return
        self.note(text, "plain", slots)

    def _formatted(self, call: ast.Call) -> tuple[Filling, dict[str, str]]:
        """The slots; "plain" where not all can be told, so that none of the text's is taken for a mistake."""
        slots: dict[str, str] = {}
        maps = [keyword.value for keyword in call.keywords if keyword.arg is None]
        is_map = isinstance(call.func, ast.Attribute) and call.func.attr == "format_map"
        is_sure = is_map or not call.args
        for expression in [*maps, *(call.args if is_map else ())]:
            items, whole = self.items(expression)
            slots |= items
            is_sure &= whole
        slots |= {keyword.arg: self.called(keyword.value) for keyword in call.keywords if keyword.arg}
        return "format" if is_sure else "plain", slots


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text) is not None
