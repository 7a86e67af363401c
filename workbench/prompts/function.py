"""One function of a prompt module as a prompt."""

import ast
from collections.abc import Collection
from dataclasses import replace

from dataflows.templates import wrong_name
from workbench.prompts.expression import NotTextError, read_expression
from workbench.prompts.python_text import normal_doc
from workbench.records import Parameter, Prompt

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_function(function: Function, functions: Collection[str]) -> Prompt:
    """The function as a prompt; with a reason when it is more than a text.

    Args:
        function: A function of a module.
        functions: Names of all functions of the module: Hamilton would fill a parameter of such a name from that one.
    """
    prompt = Prompt(function.name, "", doc=normal_doc(ast.get_docstring(function) or ""), line=function.lineno)
    try:
        prompt = replace(prompt, parameters=_parameters(function, functions))
        names = {parameter.name for parameter in prompt.parameters}
        template, reason = read_expression(_returned(function), names)
    except NotTextError as error:
        return replace(prompt, reason=str(error))
    return replace(prompt, template=template, reason=reason)


def _parameters(function: Function, functions: Collection[str]) -> tuple[Parameter, ...]:
    if isinstance(function, ast.AsyncFunctionDef):
        raise NotTextError("it is async")
    if function.decorator_list:
        raise NotTextError("it has a decorator")
    if wrong := wrong_name(function.name):
        raise NotTextError(f"its name {wrong}")
    if not _is_str(function.returns):
        raise NotTextError("it isn't annotated to return str")
    given = function.args
    if given.vararg or given.kwarg or given.posonlyargs:
        raise NotTextError("it takes *arguments, **arguments or positional-only ones")
    missing: list[ast.expr | None] = [None] * (len(given.args) - len(given.defaults))
    defaults = [*missing, *given.defaults, *given.kw_defaults]
    return tuple(
        _parameter(argument, default, functions)
        for argument, default in zip([*given.args, *given.kwonlyargs], defaults, strict=True)
    )


def _parameter(argument: ast.arg, default: ast.expr | None, functions: Collection[str]) -> Parameter:
    name = argument.arg
    if wrong := wrong_name(name):
        raise NotTextError(f"its parameter {name} {wrong}")
    if name in functions:
        raise NotTextError(f"it is built from {name}, another function of the module")
    if not _is_str(argument.annotation):
        raise NotTextError(f"its parameter {name} isn't annotated as str")
    if default is None:
        return Parameter(name)
    if not isinstance(default, ast.Constant) or not isinstance(default.value, str):
        raise NotTextError(f"the default of {name} is not a plain text")
    if "{" in default.value or "}" in default.value:
        raise NotTextError(f"the default of {name} has braces, which the dataflow would read as a slot")
    return Parameter(name, default.value)


def _is_str(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.Constant):
        return annotation.value == "str"
    return isinstance(annotation, ast.Name) and annotation.id == "str"


def _returned(function: Function) -> ast.expr:
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    if len(body) > 1:
        raise NotTextError("it has more than one statement")
    if not body or not isinstance(body[0], ast.Return) or body[0].value is None:
        raise NotTextError("it returns no text")
    return body[0].value
