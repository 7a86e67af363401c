"""Jinja and Nunjucks templates of texts and plain names; whatever computes is refused.

Source: the syntax tree of jinja2.nodes, the "Template Designer Documentation" of Jinja and "Templating" of Nunjucks.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.importing.failures import shown
from workbench.importing.pieces import Fault, Name, Reading, reading_of

if TYPE_CHECKING:
    from jinja2 import nodes

# Jinja makes \n of every \r. These are blanks for it, but no ends of lines, so one can stand in for \r meanwhile.
_STAND_INS = "\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2028\u2029\u3000"
_SAME_ESCAPES = re.compile(r"\\[ntr\\\"']")
_TAGS = {
    "Assign": "set",
    "AssignBlock": "set",
    "CallBlock": "call",
    "FilterBlock": "filter",
    "FromImport": "from",
    "ScopedEvalContextModifier": "autoescape",
}
_EXPRESSIONS = {
    "Filter": "uses a filter",
    "Test": "uses a test",
    "Getattr": "reads an attribute",
    "Getitem": "reads an item",
    "Call": "makes a call",
    "CondExpr": "has a condition",
    "Const": "is a number or another constant that is no text",
}


def read_jinja(text: str) -> Reading:
    """The text as a template; comments are dropped, newlines are kept as they are."""
    stand_in = "\r"
    if "\r" in text:
        unused = set(_STAND_INS) - set(text)
        if not unused:
            return Reading("", (Fault(1, "it has carriage returns beside every other kind of blank there is"),))
        stand_in = min(unused)
    pieces = _pieces(text.replace("\r", stand_in))
    return reading_of(piece.replace(stand_in, "\r") if isinstance(piece, str) else piece for piece in pieces)


def _pieces(text: str) -> Iterator[str | Name | Fault]:
    from jinja2 import Environment, TemplateSyntaxError, nodes

    # Nothing is rendered, so that autoescape means nothing.
    environment = Environment(keep_trailing_newline=True)  # noqa: S701
    try:
        body = environment.parse(text).body
        # Jinja and Nunjucks don't agree about \x41 and the like.
        for line, kind, token in environment.lex(text) if "\\" in text else ():
            if kind == "string" and "\\" in _SAME_ESCAPES.sub("", token):
                yield Fault(line, f"the constant {shown(token)} has an escape that Jinja and Nunjucks read differently")
    except TemplateSyntaxError as error:
        yield Fault(error.lineno, f"Jinja can't read it: {shown(error.message or 'a syntax error', 120)}")
        return
    except (ValueError, RecursionError, MemoryError) as error:
        cause = "a number is too long" if isinstance(error, ValueError) else "it is nested too deep"
        yield Fault(1, f"Jinja can't read it: {cause}")
        return
    for node in body:
        if isinstance(node, nodes.Output):
            yield from map(_output, node.nodes)
        else:
            kind = type(node).__name__
            yield Fault(node.lineno, f"a {{% {_TAGS.get(kind, kind.lower())} %}} block is more than a text with slots")


def _output(node: "nodes.Node") -> str | Name | Fault:
    from jinja2 import nodes

    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return node.value
    if isinstance(node, nodes.Name):
        return Name(node.name, node.lineno)
    found = f"the filter {shown(node.name)}" if isinstance(node, nodes.Filter) else ""
    reason = f"uses {found}" if found else _EXPRESSIONS.get(type(node).__name__, "computes its text")
    return Fault(node.lineno, f"an expression in {{{{ }}}} {reason}; a slot is a plain name")
