"""Python source as a tree, one at a time."""

import ast
import threading

_turn = threading.Lock()


def syntax_tree(source: str | bytes) -> ast.Module:
    """As ast.parse, which in CPython 3.11 fails with a SystemError when two threads are in it at once.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: As ast.parse.

    Source: CPython issue 106905 (recursion depth of the AST constructor is kept for all threads together).
    """
    with _turn:
        return ast.parse(source)
