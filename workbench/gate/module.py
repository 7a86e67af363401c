"""One prompt module as the gate reads it: its source, its tree, its functions; nothing of it is run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from workbench.errors import VersionError
from workbench.gate.findings import Finding, Level
from workbench.gate.selection import number_of
from workbench.prompts.reader import function_names, read_prompts
from workbench.records import Prompt
from workbench.syntax_tree import syntax_tree

LARGEST_BYTES = 1_000_000
"""More is no prompt module, and would take minutes to read."""

PROMPT_SUFFIX = "_prompt"
_BYTE_ORDER_MARK = "\ufeff"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class PromptModule:
    """A prompts_vN.py that is Python."""

    path: str
    """Relative to the project, with slashes."""
    source: str
    tree: ast.Module
    prompts: dict[str, Prompt] = field(default_factory=dict)
    """Function name -> what it is as a prompt, for every public function."""

    @property
    def dataflow(self) -> str:
        """Name of the dataflow it is for."""
        return PurePosixPath(self.path).parent.name

    @property
    def number(self) -> int:
        """N of prompts_vN.py."""
        return number_of(self.path)

    def functions(self) -> Iterator[Function]:
        """Its public functions at top level, in order."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in self.prompts:
                yield node

    def finding(
        self, rule: str, line: int, message: str, hint: str, *, node: str = "", level: Level = "error"
    ) -> Finding:
        """Something about this module."""
        return Finding(rule, level, self.path, max(line, 1), message, hint, node)


def node_name(function: str) -> str:
    """The name of Hamilton's node: what stands behind the last __ only tells alternatives apart."""
    return function.rpartition("__")[0] or function


def read_module(root: Path, path: str) -> PromptModule | Finding:
    """The module, or what keeps it from being read.

    Args:
        root: The project.
        path: Of the module, relative to it.
    """
    try:
        content = (root / path).read_bytes()
        if len(content) > LARGEST_BYTES:
            message = f"the file has {len(content)} bytes; at most {LARGEST_BYTES} are allowed"
            return Finding("syntax", "error", path, 1, message, "Split it, or take out what is no prompt.")
        source = content.decode("utf-8")
    except OSError as error:
        return Finding("syntax", "error", path, 1, f"the file can't be read: {error.strerror}", "Make it readable.")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Finding("syntax", "error", path, line, f"line {line} is not UTF-8", "Save the file as UTF-8.")
    if source.startswith(_BYTE_ORDER_MARK):
        message = "the file begins with a byte order mark (U+FEFF), which nobody sees"
        return Finding("hidden-char", "error", path, 1, message, "Save the file as UTF-8 without it.")
    return _parsed(path, source)


def _parsed(path: str, source: str) -> PromptModule | Finding:
    try:
        prompts = read_prompts(source, function_names(source))
        return PromptModule(path, source, syntax_tree(source), prompts)
    except VersionError as error:
        cause = error.__cause__
        line = cause.lineno or 1 if isinstance(cause, SyntaxError) else 1
        return Finding("syntax", "error", path, line, error.message, "Correct the file.")
    except (RecursionError, MemoryError):
        message = "its code is nested too deeply to be read"
        return Finding("syntax", "error", path, 1, message, "Write plain functions that return a text.")
