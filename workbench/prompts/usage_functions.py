"""What whole functions do: with the texts they are given, and whether they ask a model."""

import ast
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from types import FunctionType
from typing import Any

from workbench.prompts.usage import Use
from workbench.prompts.usage_models import is_model_call
from workbench.prompts.usage_reading import Reading
from workbench.prompts.usage_source import function_behind, functions_behind, meaning_of, tree_of

_MOST_DEEP = 8
_MOST_FUNCTIONS = 300


class Uses:
    """What functions do with their parameters, each read once; those they call are read as well, some levels deep."""

    def __init__(self) -> None:
        self._known: dict[FunctionType, Mapping[str, Use]] = {}
        self._deep = 0

    def of(self, function: Any) -> Mapping[str, Use]:
        """Parameter -> use; none for what has no source, and for one that is being read, since it calls itself."""
        own = function_behind(function)
        if own is None or self._deep == _MOST_DEEP:
            return {}
        if own not in self._known:
            self._known[own] = {}
            self._deep += 1
            try:
                self._known[own] = self._read(own)
            finally:
                self._deep -= 1
        return self._known[own]

    def _read(self, function: FunctionType) -> Mapping[str, Use]:
        tree = tree_of(function)
        if tree is None:
            return {}
        reading = Reading(tree, function.__globals__, self.of)
        with suppress(Exception):  # it is anybody's code; what was seen until then is true
            reading.read()
        return reading.uses


@lru_cache(maxsize=2048)
def asks_a_model(function: FunctionType) -> bool:
    """Whether a call of a model is in the function, or in one of the project that it names, however deep."""
    waiting = [function]
    seen = {function}
    while waiting and len(seen) <= _MOST_FUNCTIONS:
        own = waiting.pop()
        tree = tree_of(own)
        inside = list(ast.walk(ast.Module(tree.body, []))) if tree else []
        if any(isinstance(part, ast.Call) and is_model_call(part) for part in inside):
            return True
        local = set(own.__code__.co_varnames) | set(own.__code__.co_cellvars)
        outside = {name: meant for name, meant in own.__globals__.items() if name not in local}
        for part in inside:
            if isinstance(part, ast.Name | ast.Attribute):
                new = set(functions_behind(meaning_of(part, outside))) - seen
                seen |= new
                waiting += new
    return False
