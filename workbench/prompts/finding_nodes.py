"""What a node's type, name and function tell about whether it is a prompt."""

import ast
import inspect
import io
import re
import types
import typing
from collections import abc
from collections.abc import Collection, Iterator
from types import FunctionType, ModuleType
from typing import Any

from hamilton import node
from hamilton.function_modifiers import base as modifiers

from workbench.prompts.usage import Use
from workbench.prompts.usage_source import function_behind, tree_of

PROMPT_SUFFIX = "_prompt"
"""What the name of a prompt ends in."""

_DOCUMENTS = frozenset(
    [bytes, bytearray, memoryview, io.IOBase, typing.IO, list, tuple, set, frozenset, dict, abc.Iterable]
)
_TABLES = ("pandas", "polars", "pyarrow")
_INSTRUCTS = re.compile(r"prompt|instruct|template|system|persona|preamble|guideline|wording|directive|task", re.I)
_DOCUMENT = re.compile(
    r"text|content|document|article|quer|question|ticket|transcript|context|source|page|chunk|body|message|email", re.I
)
_FEWEST_WORDS = 4


def functions_of(own: node.Node) -> Iterator[FunctionType]:
    """The functions that make a node; none for an input."""
    for function in () if own.user_defined else own.originating_functions or ():
        if behind := function_behind(function):
            yield behind


def is_text(kind: Any) -> bool:
    """Whether a value of this type is a text, or may be one or None; anything goes where no type is known."""
    if kind is Any or kind is inspect.Parameter.empty:
        return True
    if typing.get_origin(kind) is typing.Annotated:
        return is_text(typing.get_args(kind)[0])
    options = _options(kind)
    return str in options and all(option in (str, types.NoneType) for option in options)


def is_family(own: node.Node, modules: Collection[ModuleType]) -> bool:
    """Whether the node has alternatives by @config.when, chosen now or not."""
    if "hamilton.config" in own.tags:
        return True
    attribute = modifiers.NodeResolver.get_lifecycle_name()
    return any(
        name.startswith(f"{own.name}__") and type(function) is FunctionType and attribute in vars(function)
        for module in modules
        for name, function in vars(module).items()
    )


def is_own_text(own: node.Node, config: Collection[str], calling: Collection[str]) -> bool:
    """Whether a computed node is made without a document and without an answer of a model.

    Args:
        own: The node.
        config: Names that the driver's config gives.
        calling: Nodes that ask a model.
    """
    if own.name in calling:
        return False
    for needed in own.dependencies:
        if needed.user_defined:
            is_given = needed.name in own.default_parameter_values or needed.name in config
            if not is_given and any(map(_is_document, _options(needed.type))):
                return False
        elif not is_constant(needed, config, calling):
            return False
    return True


def is_constant(own: node.Node, config: Collection[str], calling: Collection[str]) -> bool:
    """Whether nothing above a computed node has to be given: a document would have to be."""
    waiting = [own]
    seen = {own.name}
    while waiting:
        reached = waiting.pop()
        if reached.name in calling:
            return False
        for needed in reached.dependencies:
            is_given = needed.name in reached.default_parameter_values or needed.name in config
            if needed.user_defined and not is_given:
                return False
            if not needed.user_defined and needed.name not in seen:
                seen.add(needed.name)
                waiting.append(needed)
    return True


def _is_document(kind: Any) -> bool:
    """Whether a value of this type may be one: bytes, a file, a list, a table; a text may be a parameter as well."""
    kind = typing.get_origin(kind) or kind
    if not isinstance(kind, type) or kind is str:
        return False
    return kind.__module__.partition(".")[0] in _TABLES or not _DOCUMENTS.isdisjoint(kind.__mro__)


def reads_as_prompt(own: node.Node, use: Use) -> bool:
    """Whether a text without a telling name is used as a prompt is, and not as a document or a question."""
    if use.is_template or use.is_system:
        return True
    if not own.user_defined:
        return (use.leads or use.asked_alone) and any(_is_written(function) for function in functions_of(own))
    if not use.leads:
        return False
    if _INSTRUCTS.search(own.name):
        return True
    return not _DOCUMENT.search(own.name) and any(_is_instruction(text) for text in _defaults(own))


def _defaults(own: node.Node) -> Iterator[str]:
    for user in own.depended_on_by:
        default = user.default_parameter_values.get(own.name)
        if isinstance(default, str):
            yield default


def _is_instruction(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS and not text.rstrip().endswith("?")


def _is_written(function: FunctionType) -> bool:
    """Whether a function does nothing but give a text that is written in it, of more than a word."""
    tree = tree_of(function)
    statements = [own for own in tree.body if not isinstance(own, ast.Expr)] if tree else []
    if len(statements) != 1 or not isinstance(statements[0], ast.Return):
        return False
    values = [part.value for part in ast.walk(statements[0]) if isinstance(part, ast.Constant)]
    return any(isinstance(value, str) and len(value.split()) > 1 for value in values)


def _options(kind: Any) -> tuple[Any, ...]:
    is_union = typing.get_origin(kind) in (types.UnionType, typing.Union)
    return typing.get_args(kind) if is_union else (kind,)
