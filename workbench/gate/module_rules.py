"""What must be true of a prompt module as Python, whatever its prompts say."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from workbench.gate.findings import Finding
from workbench.gate.hidden import HIDDEN, code_point, looks_like_a_key
from workbench.gate.imports import effects_of
from workbench.gate.module import PROMPT_SUFFIX, PromptModule, node_name
from workbench.prompts.provenance import PROVENANCE, edited_after_export, read_provenance

_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def module_findings(module: PromptModule) -> Iterator[Finding]:
    """What is wrong with the module, in the order of its rules."""
    yield from effects_of(module)
    yield from _duplicates(module)
    yield from _annotations(module)
    yield from _docstrings(module)
    yield from _hidden(module)
    yield from _secrets(module)
    yield from _provenance(module)


def _duplicates(module: PromptModule) -> Iterator[Finding]:
    names: Counter[str] = Counter()
    for node in module.tree.body:
        for name in _bound(node):
            names[name] += 1
            if names[name] == 2:
                message = f"{name} is defined more than once; the last one wins without a word"
                yield module.finding("duplicate-name", node.lineno, message, "Rename or delete one.", node=name)


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _annotations(module: PromptModule) -> Iterator[Finding]:
    for function in module.functions():
        if not node_name(function.name).endswith(PROMPT_SUFFIX):
            continue
        given = function.returns
        if isinstance(given, ast.Name) and given.id == "str":
            continue
        if isinstance(given, ast.Constant) and given.value == "str":
            continue
        message = f"{function.name} is not annotated to return str"
        hint = f"Write `def {function.name}(...) -> str:`."
        yield module.finding("annotation", function.lineno, message, hint, node=function.name)


def _docstrings(module: PromptModule) -> Iterator[Finding]:
    if not ast.get_docstring(module.tree):
        hint = f'Begin it with """v{module.number}: why this version exists."""'
        yield module.finding("docstring", 1, "the module has no docstring", hint, level="warning")
    for function in module.functions():
        if not ast.get_docstring(function):
            message = f"{function.name} has no docstring"
            hint = "Say in one line what the prompt asks for."
            yield module.finding("docstring", function.lineno, message, hint, node=function.name, level="warning")


def _hidden(module: PromptModule) -> Iterator[Finding]:
    for found in HIDDEN.finditer(module.source):
        line = module.source.count("\n", 0, found.start()) + 1
        message = f"a raw {code_point(found[0])} stands in the source, where no reviewer can see it"
        yield module.finding("hidden-char", line, message, "Delete it, or write it as an escape such as \\u200b.")
        return  # one is enough to go and look; a file may have thousands


def _secrets(module: PromptModule) -> Iterator[Finding]:
    """Keys in any line, and in any text that escapes or several literals make."""
    lines = {number for number, line in enumerate(_LINE_ENDS.split(module.source), start=1) if looks_like_a_key(line)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and looks_like_a_key(node.value):
            inside = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            if lines.isdisjoint(inside):
                lines.add(node.lineno)
    for line in sorted(lines):
        hint = "Take it out, and withdraw the key: it is in the history from now on."
        yield module.finding("secret", line, f"line {line} holds what looks like a key", hint)


def _provenance(module: PromptModule) -> Iterator[Finding]:
    own = read_provenance(module.source)
    if own is None:
        return
    line = next((node.lineno for node in module.tree.body if PROVENANCE in _bound(node)), 1)
    label = f"v{module.number}"
    if own.version != label:
        message = f"its provenance is of {str(own.version)[:40]!a}, but the file is {label}"
        yield module.finding("provenance", line, message, f"Export the prompts as {label}.")
    if edited := edited_after_export(module.source):
        hint = "Undo the edit, and export what you want as the next version."
        yield module.finding("provenance", line, edited, hint)
