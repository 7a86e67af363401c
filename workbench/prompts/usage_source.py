"""The source of functions as trees, and what the names in them stand for; nothing is run."""

import ast
import functools
import inspect
import linecache
import sysconfig
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import FunctionType, MethodType, ModuleType
from typing import Any

from workbench.prompts.function import Function
from workbench.syntax_tree import syntax_tree

_LONGEST_SOURCE = 1_000_000
_WRAPPERS = 10
_LIBRARIES = ("site-packages", "dist-packages")
_STANDARD_LIBRARY = sysconfig.get_path("stdlib")


def tree_of(function: FunctionType) -> Function | None:
    """The function's definition; None where its source is gone, is another one by now, or makes no sense."""
    code = function.__code__
    places = _definitions("".join(linecache.getlines(code.co_filename)))
    found = places.get((code.co_name, code.co_firstlineno))
    return found if found is None or _parameters(found) == _own_parameters(function) else None


def is_ours(function: Any) -> bool:
    """Whether it is a function of somebody's project, and none of Python or an installed library."""
    if type(function) is not FunctionType:
        return False
    path = function.__code__.co_filename
    return not (path.startswith(_STANDARD_LIBRARY) or any(folder in path for folder in _LIBRARIES))


def meaning_of(expression: ast.expr, namespace: Mapping[str, Any]) -> Any:
    """What a name, or a dotted path from a module, class or object of the module, stands for; None when unknown."""
    if isinstance(expression, ast.Name):
        return namespace.get(expression.id)
    if not isinstance(expression, ast.Attribute):
        return None
    above = meaning_of(expression.value, namespace)
    if _is_a(above, ModuleType):
        return vars(above).get(expression.attr)  # not getattr: a module may compute its attributes
    kind = above if _is_a(above, type) else type(above)
    if above is None or kind.__module__ == "builtins":
        return None
    return inspect.getattr_static(kind, expression.attr, None)


def function_behind(meant: Any) -> FunctionType | None:
    """The function of somebody's project that is called in the end: decorators and partial are looked through."""
    for _ in range(_WRAPPERS):
        if type(meant) is functools.partial:
            meant = None if meant.args else meant.func
        elif type(meant) in (MethodType, staticmethod, classmethod):
            meant = meant.__func__
        elif wrapped := _wrapped(meant):
            meant = wrapped
        else:
            break
    return meant if is_ours(meant) else None


def functions_behind(meant: Any) -> Iterator[FunctionType]:
    """The function, or all methods of the class, or of the object's class."""
    if function := function_behind(meant):
        yield function
    elif meant is not None and not _is_a(meant, ModuleType):
        kind = meant if _is_a(meant, type) else type(meant)
        for member in vars(kind).values() if kind.__module__ != "builtins" else ():
            if method := function_behind(member):
                yield method


def _is_a(meant: Any, kind: type) -> bool:
    """isinstance, but without asking the object: one that stands for another runs code when asked."""
    return issubclass(type(meant), kind)


def _wrapped(meant: Any) -> Any:
    try:
        return object.__getattribute__(meant, "__dict__").get("__wrapped__")
    except (AttributeError, TypeError):
        return None


def _parameters(tree: Function) -> tuple[str, ...]:
    given = tree.args
    return tuple(argument.arg for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs])


def _own_parameters(function: FunctionType) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


@lru_cache(maxsize=64)
def _definitions(source: str) -> Mapping[tuple[str, int], Function]:
    """(name, line where its decorators begin) -> definition."""
    if len(source) > _LONGEST_SOURCE:
        return {}
    try:
        tree = syntax_tree(source.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {(own.name, min([own.lineno, *(line.lineno for line in own.decorator_list)])): own for own in functions}
