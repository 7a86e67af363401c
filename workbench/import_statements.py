"""What the import statements of a module may load, found without running it."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from workbench.syntax_tree import syntax_tree


@lru_cache(maxsize=512)
def imports(code: bytes | str, name: str, is_package: bool) -> tuple[str, ...]:
    """Absolute names of what a module's import statements may load; empty when it does not parse."""
    try:
        tree = syntax_tree(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    package = name if is_package else name.rpartition(".")[0]
    return tuple(dict.fromkeys(found for statement in _statements(tree) for found in _named(statement, package)))


def _statements(block: ast.AST) -> Iterator[ast.AST]:
    """All statements in it; expressions, which hold none, are left out: they are most of a tree."""
    for child in ast.iter_child_nodes(block):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield child
            yield from _statements(child)


def _named(statement: ast.AST, package: str) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) + 1 - statement.level] if statement.level else []
        base = ".".join([*above, *([statement.module] if statement.module else [])])
        if base:
            yield base
            yield from (f"{base}.{alias.name}" for alias in statement.names)
