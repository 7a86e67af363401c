"""A module that is to get @config.when variants: what is where in it, and what its names mean."""

import ast
import re
import symtable
import sys
from collections.abc import Collection
from functools import cached_property

from workbench.errors import ExportError
from workbench.export.config_edits import Edit, Places, first_line
from workbench.prompts.conditions import NodeFunction, imported_paths, is_config, node_functions
from workbench.prompts.reader import bound_names, module_level, module_tree

_MODIFIERS = "hamilton.function_modifiers"
_ENDED = re.compile(r"[\r\n]\Z")
_IMPORTS = (ast.Import, ast.ImportFrom)


class ConfigModule:
    """The module, the version it is to get, and the config key that chooses it.

    Args:
        source: Without a byte order mark.
        version: "vN".
        key: Of the config.

    Raises:
        VersionError: The source is no Python.
    """

    def __init__(self, source: str, version: str, key: str) -> None:
        self.tree = module_tree(source)
        self.places = Places(source)
        if source and not _ENDED.search(source):
            self.places = Places(source + self.places.newline)
        self.source = self.places.source
        self.statements = set(self.tree.body)
        self.version = version
        self.key = key
        self.functions = node_functions(self.tree)
        self.bindings: dict[str, list[ast.AST]] = {}
        for node in module_level(self.tree):
            for name in bound_names(node):
                self.bindings.setdefault(name, []).append(node)
        self._families: dict[str, list[NodeFunction]] = {}
        for own in self.functions:
            self._families.setdefault(own.node, []).append(own)
        self.config, self.import_line = self._config()

    def family(self, node: str) -> list[NodeFunction]:
        """The functions that make a node, each under its conditions."""
        return self._families.get(node, [])

    def refuse_left_out(self, names: Collection[str]) -> None:
        """ExportError when a prompt that is not among the names would have no function under the version."""
        for own in self.functions:
            if own.node in names or not own.node.endswith("_prompt") or not own.is_about(self.key):
                continue
            if not any(other.may_hold(self.key, self.version) for other in self.family(own.node)):
                message = f"{own.node} (line {own.function.lineno}) would have no variant for {self.key}={self.version}"
                raise ExportError(message, f"Export {own.node} along with the others.")

    @cached_property
    def python_uses(self) -> dict[str, int]:
        """Module-wide names that some code uses as Python's (not as Hamilton's) -> a line at or before that use."""
        uses: dict[str, int] = {}
        try:
            waiting = [symtable.symtable(self.source, "module", "exec")]
        except (SyntaxError, ValueError, RecursionError) as error:
            raise ExportError(f"the file can't be compiled: {error}", "Correct the file, then export.") from error
        while waiting:
            scope = waiting.pop()
            waiting += scope.get_children()
            is_module = scope.get_type() == "module"
            for symbol in scope.get_symbols():
                if symbol.is_referenced() if is_module else symbol.is_global():
                    uses.setdefault(symbol.get_name(), scope.get_lineno() or 1)
        for statement in self.tree.body:
            if isinstance(statement, ast.Assign) and any(map(_is_all, statement.targets)):
                texts = (node.value for node in ast.walk(statement) if isinstance(node, ast.Constant))
                uses.update({text: statement.lineno for text in texts if isinstance(text, str)})
        return uses

    def import_edits(self) -> list[Edit]:
        """The edit that imports config, behind docstring and standard library; none when it is imported already."""
        if not self.import_line:
            return []
        body = self.tree.body
        head = 1 if body and ast.get_docstring(self.tree, clean=False) is not None else 0
        while head < len(body) and _is_standard(body[head]):
            head += 1
        end = (body[head - 1].end_lineno or 1) if head else 0
        following = body[head] if head < len(body) and first_line(body[head]) > end else None
        if following and (not head or isinstance(following, _IMPORTS)):
            at = self.places.line_start(first_line(following))
            text = self.import_line + ("\n" if isinstance(following, _IMPORTS) else "\n\n\n")
        else:
            at = self.places.line_start(end + 1) if head else len(self.source)
            text = f"\n{self.import_line}\n" if self.source else f"{self.import_line}\n"
        return [Edit(at, at, self.places.in_lines(text))]

    def _config(self) -> tuple[str, str]:
        """How Hamilton's config is written in the module, and the import for that where it is missing."""
        for statement in self.tree.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                break
            for name, path in imported_paths([statement]).items():
                full = f"{_MODIFIERS}.config"
                if len(self.bindings.get(name, [])) > 1:
                    continue
                if is_config(path):
                    return name, ""
                if path == _MODIFIERS:
                    return f"{name}.config", ""
                if isinstance(statement, ast.Import) and any(own.name == _MODIFIERS for own in statement.names):
                    return full, ""
        if "config" not in self.bindings:
            return "config", f"from {_MODIFIERS} import config"
        if "hamilton_config" not in self.bindings:
            return "hamilton_config", f"from {_MODIFIERS} import config as hamilton_config"
        raise ExportError("the names config and hamilton_config are both taken in the file", "Rename one of them.")


def _is_all(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "__all__"


def _is_standard(statement: ast.stmt) -> bool:
    """Whether it imports from the standard library only, where __future__ is too."""
    if isinstance(statement, ast.ImportFrom):
        names = ["" if statement.level else statement.module or ""]
    else:
        names = [own.name for own in statement.names] if isinstance(statement, ast.Import) else [""]
    return all(name.partition(".")[0] in sys.stdlib_module_names for name in names)
