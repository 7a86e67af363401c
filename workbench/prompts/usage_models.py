"""Which calls ask a model: told by what they are called, as the clients of today name them."""

import ast

from workbench.prompts.usage_names import Names

_ENDPOINTS = frozenset(["completions", "responses", "messages", "ChatCompletion", "Completion"])
_CREATING = frozenset(["create", "acreate", "parse", "stream"])
_COMPLETING = frozenset(["complete", "acomplete", "invoke", "ainvoke", "generate_content", "generate_content_async"])

TEXTS = frozenset(
    [None, "content", "contents", "input", "inputs", "instructions", "messages", "prompt", "prompts", "system"]
)
"""Keywords of such a call that hold what the model reads; None stands for **arguments."""


def is_model_call(call: ast.Call, names: Names | None = None) -> bool:
    """Whether a call is one like client.chat.completions.create(...) or model.complete(...).

    Args:
        call: Any.
        names: Of the function it is in; they tell that create stands for client.chat.completions.create.
    """
    path = _path(names.set_to(call.func) if names else call.func)
    if path[:1] == ["litellm"] and path[-1] in ("completion", "acompletion"):
        return True
    if path[-1:] and path[-1] in _CREATING:
        return not _ENDPOINTS.isdisjoint(path[:-1])
    return len(path) > 1 and path[-1] in _COMPLETING


def _path(expression: ast.expr) -> list[str]:
    """The names of a dotted path, with those of calls inside it: client().chat.completions.create."""
    parts: list[str] = []
    while True:
        if isinstance(expression, ast.Attribute):
            parts.append(expression.attr)
            expression = expression.value
        elif isinstance(expression, ast.Call):
            expression = expression.func
        else:
            break
    parts.append(expression.id if isinstance(expression, ast.Name) else "")
    return parts[::-1]
