"""The template that a prompt function's return expression stands for."""

import ast
import re
from collections.abc import Collection, Iterator
from itertools import groupby

from dataflows.templates import SlotUse, TemplateError, parse, slots


class NotTextError(Exception):
    """Why a function is more than a text; the message becomes Prompt.reason."""


def read_expression(value: ast.expr, parameters: Collection[str]) -> tuple[str, str]:
    """The template, and why it can't be edited (mostly empty).

    Args:
        value: Literals and f-strings of plain parameters, joined by + or standing side by side; or one literal with
            .replace("{name}", name) behind it, once per parameter.
        parameters: Names of the function's parameters.

    Raises:
        NotTextError: It is another expression.
    """
    pieces = _replaced(value, parameters) if isinstance(value, ast.Call) else _joined(value, parameters)
    template = "".join(f"{{{piece.name}}}" if isinstance(piece, SlotUse) else piece for piece in pieces)
    return template, _fault(template, pieces, parameters)


def _joined(value: ast.expr, parameters: Collection[str]) -> list[str | SlotUse]:
    pieces: list[str | SlotUse] = []
    # A list and not recursion: a sum of a thousand literals is a thousand levels deep.
    waiting: list[ast.expr] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            waiting += [node.right, node.left]
        elif isinstance(node, ast.JoinedStr):
            waiting += reversed(node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            pieces.append(node.value)
        elif isinstance(node, ast.Name) and node.id in parameters:
            pieces.append(SlotUse(node.id, 0))
        elif isinstance(node, ast.FormattedValue):
            if not isinstance(node.value, ast.Name) or node.conversion != -1 or node.format_spec:
                raise NotTextError("its f-string has more than plain parameters")
            waiting.append(node.value)
        elif isinstance(node, ast.Name):
            raise NotTextError(f"it uses {node.id}, which is not one of its parameters")
        else:
            raise NotTextError("it computes its text")
    return pieces


def _replaced(value: ast.expr, parameters: Collection[str]) -> list[str | SlotUse]:
    names = set()
    while isinstance(value, ast.Call):
        match value:
            case ast.Call(
                func=ast.Attribute(value=inner, attr="replace"),
                args=[ast.Constant(value=slot), ast.Name(id=name)],
                keywords=[],
            ) if name in parameters:
                if slot != f"{{{name}}}":
                    raise NotTextError(f"it replaces something else than {{{name}}} by {name}")
                names.add(name)
                value = inner
            case _:
                raise NotTextError("it calls a function")
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        raise NotTextError("it replaces within more than a plain text")
    parts = re.split(r"\{(" + "|".join(map(re.escape, names)) + r")\}", value.value)
    return [SlotUse(part, 0) if index % 2 else part for index, part in enumerate(parts)]


def _fault(template: str, pieces: list[str | SlotUse], parameters: Collection[str]) -> str:
    try:
        parse(template)
    except TemplateError as error:
        return str(error)
    for run in _runs(pieces):
        try:
            late = slots(run)
        except TemplateError:
            # "{" + name + "}" gives a brace, the value and a brace; as a template it would be the slot {{name}}.
            return "a single brace stands against a parameter in its text"
        for name in late:
            if name in parameters:
                return f"{name} is its parameter, but {{{name}}} is left for the dataflow to fill"
    return ""


def _runs(pieces: list[str | SlotUse]) -> Iterator[str]:
    """The texts between parameters, those side by side joined."""
    for is_text, group in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if is_text:
            yield "".join(str(piece) for piece in group)
