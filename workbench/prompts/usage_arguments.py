"""Arguments of a call as the parameters they go to."""

import ast
from collections.abc import Sequence

from workbench.prompts.usage import NOTHING, Value
from workbench.prompts.usage_texts import Texts


def parameters_of(arguments: ast.arguments) -> list[str]:
    """All names a function's arguments have inside of it, *arguments and **arguments last."""
    listed = [arguments.vararg, arguments.kwarg]
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *filter(None, listed)]
    return [argument.arg for argument in named]


def bound(
    arguments: ast.arguments, positional: Sequence[ast.expr], keywords: Sequence[ast.keyword], texts: Texts
) -> dict[str, Value]:
    """Parameter -> what it gets; those that get nothing are left out.

    Args:
        arguments: What the function takes; a first one named self or cls is not among what is given.
        positional: What is given in order; *values may go to any that is left.
        keywords: What is given by name.
        texts: What each expression is worth.
    """
    names = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    if names[:1] in (["self"], ["cls"]):
        del names[0]
    rest = [arguments.vararg.arg] if arguments.vararg else []
    given: dict[str, Value] = {}
    place = 0
    for expression in positional:
        value = texts.value(expression)
        if isinstance(expression, ast.Starred):
            places = [*names[place:], *rest]
        else:
            places = names[place : place + 1] or rest
            place += 1
        for name in places:
            given[name] = given.get(name, NOTHING) | value
    known = {*names, *(argument.arg for argument in arguments.kwonlyargs)}
    for keyword in keywords:
        for key, value in _named(keyword, texts):
            name = key if key in known else arguments.kwarg.arg if arguments.kwarg else ""
            if name:
                given[name] = given.get(name, NOTHING) | value
    return given


def _named(keyword: ast.keyword, texts: Texts) -> list[tuple[str, Value]]:
    """name=value, or each of **{"name": value}; what **others hold goes to no name."""
    if keyword.arg is not None:
        return [(keyword.arg, texts.value(keyword.value))]
    written = texts.set_to(keyword.value)
    if not isinstance(written, ast.Dict):
        return [("", texts.value(keyword.value))]
    pairs = zip(written.keys, written.values, strict=True)
    return [(str(key.value) if isinstance(key, ast.Constant) else "", texts.value(value)) for key, value in pairs]
