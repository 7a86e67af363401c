"""The proof that a module with new variants is the old module and nothing but those variants more."""

import ast
import re
from collections.abc import Collection, Mapping, Sequence

from workbench.errors import ExportError, VersionError
from workbench.prompts.conditions import node_functions
from workbench.prompts.opening import open_source
from workbench.prompts.python_text import normal_doc
from workbench.prompts.reader import module_tree
from workbench.records import Prompt
from workbench.syntax_tree import syntax_tree

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HINT = "Export the draft as a module of its own (prompts_vN.py)."


def check_added(
    old: str,
    new: str,
    *,
    changed_lines: Collection[int],
    renamed: Mapping[str, str],
    import_line: str,
    added: Mapping[str, Prompt],
    config: Mapping[str, str],
) -> None:
    """Hold a module with new variants against the one it was made from.

    Args:
        old: The module before, its last line ended.
        new: The module with the variants.
        changed_lines: Numbers (from 1) of the old lines that may have changed.
        renamed: Old name -> new name, of the functions whose name or conditions may have changed.
        import_line: The import that was added; empty when none was.
        added: Function name -> the prompt it has to give.
        config: What all of them are chosen by.

    Raises:
        ExportError: Another line or statement changed, or a variant can't be read back as its prompt.
    """
    kept = [line for number, line in enumerate(_LINES.findall(old), 1) if number not in changed_lines]
    left = iter(_LINES.findall(new))
    if not all(any(line == other for other in left) for line in kept):
        raise ExportError("the new variants would change other lines of the file", _HINT)
    try:
        before, after = (module_tree(source) for source in (old, new))
        compile(new, "new variants", "exec", dont_inherit=True)
    except (VersionError, SyntaxError, RecursionError) as error:
        raise ExportError(f"with the new variants the file is not Python: {error}", _HINT) from error
    rest = [own for own in after.body if _name(own) not in added]
    if import_line:
        imported = syntax_tree(import_line).body
        rest.remove(next(own for own in rest if _same_trees(imported, [own])))
    if len(rest) != len(before.body) or not all(_same(*pair, renamed) for pair in zip(before.body, rest, strict=True)):
        raise ExportError("the new variants would change what other lines of the file do", _HINT)
    _check_prompts(new, added, config)
    _check_alone(after, added, config)


def _check_prompts(new: str, added: Mapping[str, Prompt], config: Mapping[str, str]) -> None:
    given = {own.function: own for own in open_source(new, names=list(added))}
    for name, prompt in added.items():
        read = given[name].prompt
        same = (read.name, read.template, set(read.parameters)) == (
            prompt.name,
            prompt.template,
            set(prompt.parameters),
        )
        if read.reason or not same or given[name].condition != config or normal_doc(prompt.doc) not in ("", read.doc):
            why = read.reason or "it reads differently there"
            raise ExportError(f"{prompt.name} can't be a variant in this file: {why}", _HINT)


def _check_alone(tree: ast.Module, added: Mapping[str, Prompt], config: Mapping[str, str]) -> None:
    """Under the config, each prompt has its variant and no other function."""
    chosen: dict[str, list[str]] = {}
    for own in node_functions(tree):
        if all(own.may_hold(*pair) for pair in config.items()):
            chosen.setdefault(own.node, []).append(own.function.name)
    for name, prompt in added.items():
        if chosen[prompt.name] != [name]:
            raise ExportError(f"{' and '.join(chosen[prompt.name])} would both make {prompt.name}", _HINT)


def _same(old: ast.stmt, new: ast.stmt, renamed: Mapping[str, str]) -> bool:
    name = _name(old)
    if name not in renamed:
        return _same_trees([old], [new])
    if _name(new) != renamed[name] or not isinstance(new, type(old)):
        return False
    own, other = (
        {field: value for field, value in ast.iter_fields(node) if field not in ("name", "decorator_list")}
        for node in (old, new)
    )
    return _same_trees(list(own.values()), list(other.values()))


def _same_trees(old: Sequence[object], new: Sequence[object]) -> bool:
    """Whether two lists of nodes are the same but for their places; without recursion, as sums can be long."""
    waiting: list[tuple[object, object]] = [(old, new)]
    while waiting:
        own, other = waiting.pop()
        if type(own) is not type(other):
            return False
        if isinstance(own, ast.AST) and isinstance(other, ast.AST):
            waiting.append(
                ([value for _, value in ast.iter_fields(own)], [value for _, value in ast.iter_fields(other)])
            )
        elif isinstance(own, list) and isinstance(other, list):
            if len(own) != len(other):
                return False
            waiting += zip(own, other, strict=True)
        elif own != other:
            return False
    return True


def _name(statement: ast.stmt) -> str:
    return statement.name if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) else ""
