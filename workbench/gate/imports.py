"""What a prompt module would do when it is imported, beyond defining its prompts."""

import ast
from collections.abc import Iterator

from workbench.gate.findings import Finding
from workbench.gate.module import Function, PromptModule

_ALLOWED = ("hamilton.function_modifiers", "__future__")
_HINT = "Keep docstrings, literals and functions only; import nothing but hamilton.function_modifiers."


def effects_of(module: PromptModule) -> Iterator[Finding]:
    """A finding for each statement that runs code at import, and for each import of something else than Hamilton."""
    for node in module.tree.body:
        if reason := _reason(node):
            yield module.finding("import-effects", node.lineno, reason, _HINT)
    at_top = set(map(id, module.tree.body))
    for inner in ast.walk(module.tree):
        if isinstance(inner, ast.Import | ast.ImportFrom) and id(inner) not in at_top and not _is_allowed(inner):
            message = f"a function imports {_imported(inner)}"
            yield module.finding("import-effects", inner.lineno, message, _HINT)


def _reason(node: ast.stmt) -> str:
    """Why the statement isn't allowed at top level; empty when it is."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return ""
        case ast.Import() | ast.ImportFrom():
            return "" if _is_allowed(node) else f"the module imports {_imported(node)}"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _function_reason(node)
        case ast.Assign(targets=targets, value=value) if all(isinstance(target, ast.Name) for target in targets):
            return "" if _is_literal(value) else "an assignment at top level is no literal, so it runs at import"
        case ast.AnnAssign(target=ast.Name(), value=value, annotation=annotation):
            if _is_type(annotation) and (value is None or _is_literal(value)):
                return ""
            return "an assignment at top level is no literal, so it runs at import"
    return f"a statement at top level ({type(node).__name__}) runs at import"


def _function_reason(function: Function) -> str:
    for decorator in function.decorator_list:
        if not _is_modifier(decorator):
            return f"a decorator of {function.name} is neither config.* nor tag with literals"
    given = function.args
    defaults = [*given.defaults, *(default for default in given.kw_defaults if default)]
    if not all(map(_is_literal, defaults)):
        return f"a default of {function.name} is no literal, so it runs at import"
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    types = [function.returns, *(argument.annotation for argument in arguments if argument)]
    if not all(annotation is None or _is_type(annotation) for annotation in types):
        return f"an annotation of {function.name} is no plain type, so it runs at import"
    return ""


def _is_modifier(decorator: ast.expr) -> bool:
    """config.when(...) and its kin, or tag(...)."""
    match decorator:
        case ast.Call(func=ast.Name(id="tag"), args=args, keywords=keywords):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Name(id="config")), args=args, keywords=keywords):
            pass
        case _:
            return False
    return all(map(_is_literal, args)) and all(_is_literal(keyword.value) for keyword in keywords)


def _is_type(annotation: ast.expr) -> bool:
    """A name, a literal, or such in brackets or joined by |: nothing that calls."""
    allowed = (ast.Name, ast.Constant, ast.Subscript, ast.BinOp, ast.BitOr, ast.Tuple, ast.expr_context)
    return all(isinstance(node, allowed) for node in ast.walk(annotation))


def _is_allowed(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and not node.level and node.module in _ALLOWED


def _imported(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.ImportFrom):
        return "." * node.level + (node.module or "")
    return ", ".join(alias.name for alias in node.names)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True
