"""Where a version came from and which model it is for: two literals in its module, read without running it."""

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dataflows.templates import SlotUse, TemplateError, parse
from workbench.prompts.reader import module_doc, read_prompts
from workbench.records import Prompt
from workbench.syntax_tree import syntax_tree

SCHEMA = 1
MODEL, PROVENANCE = "MODEL", "PROVENANCE"
_LARGEST = 100_000
"""Characters of a literal; more is no provenance."""


@dataclass(frozen=True)
class Provenance:
    """What a version's module says of its own origin. Never keys, document texts or people's names."""

    version: str
    parent: str
    """Label of the version it was edited from."""
    date: str
    """ISO 8601, in UTC."""
    git_sha: str | None = None
    """The commit it was edited on; None outside of git."""
    git_dirty: bool = False
    """There were uncommitted changes beside that commit."""
    models: tuple[str, ...] = ()
    """Names of the models it was run with."""
    runs: int = 0
    """How many runs it was judged on."""
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Label -> metric -> value; of the new version and of the one it was held against."""
    prompts_sha256: str = ""
    module_sha256: str = ""


def read_literal(source: str, name: str) -> dict[str, Any] | None:
    """The dict that stands under this name at the module's top level; None when there is none, or it is no literal.

    Raises:
        VersionError: The source is no Python.
    """
    module_doc(source)  # says in its own words when it is no Python
    for node in syntax_tree(source).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            if len(ast.get_source_segment(source, node.value) or "") > _LARGEST:
                return None
            try:
                value = ast.literal_eval(node.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return None
            return value if isinstance(value, dict) else None
    return None


def read_model(source: str) -> dict[str, Any] | None:
    """The model that is pinned with the prompts: name, and what was set; None when none is.

    Raises:
        VersionError: The source is no Python.
    """
    return read_literal(source, MODEL)


def read_provenance(source: str) -> Provenance | None:
    """What the module says of its origin; None when it says nothing, or not in our form.

    Raises:
        VersionError: The source is no Python.
    """
    value = read_literal(source, PROVENANCE)
    if value is None or value.get("schema") != SCHEMA:
        return None
    known = {name: value[name] for name in Provenance.__dataclass_fields__ if name in value}
    try:
        return Provenance(**{**known, "models": tuple(known.get("models", ()))})
    except TypeError:
        return None


def prompts_sha256(prompts: Iterable[Prompt]) -> str:
    """SHA-256 (hex) over what the prompts ask: names, parameters and texts; docstrings and style don't count."""
    return _sha256([_asked(prompt) for prompt in prompts])


def module_sha256(source: str) -> str:
    """SHA-256 (hex) over all that a module says, its own hash left out: one changed character gives another one.

    Line ends, quoting and comments don't count, so that a formatter may touch the file.

    Raises:
        VersionError: The source is no Python.
    """
    prompts = read_prompts(source)
    provenance = read_literal(source, PROVENANCE)
    said = {
        "doc": module_doc(source),
        "prompts": [[*_asked(prompt), prompt.doc, prompt.reason] for prompt in prompts.values()],
        "model": read_model(source),
        "provenance": {name: value for name, value in (provenance or {}).items() if name != "module_sha256"},
        "others": [type(node).__name__ for node in syntax_tree(source).body if not _is_known(node)],
    }
    return _sha256(said)


def edited_after_export(source: str) -> str:
    """What was edited since the module was exported, as the end of a sentence; empty when nothing, or nobody can tell.

    Raises:
        VersionError: The source is no Python.
    """
    provenance = read_provenance(source)
    if provenance is None:
        return ""
    if provenance.prompts_sha256 and provenance.prompts_sha256 != prompts_sha256(read_prompts(source).values()):
        return "its prompts were edited after the export"
    if provenance.module_sha256 and provenance.module_sha256 != module_sha256(source):
        return "its docstrings, model or provenance were edited after the export"
    return ""


def _asked(prompt: Prompt) -> list[Any]:
    try:
        pieces: list[Any] = [[piece.name] if isinstance(piece, SlotUse) else piece for piece in parse(prompt.template)]
    except TemplateError:
        pieces = [prompt.template]
    return [prompt.name, [[own.name, own.default] for own in prompt.parameters], pieces]


def _sha256(value: Any) -> str:
    # As ASCII, since a lone surrogate has no bytes of its own.
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=repr)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _is_known(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef):
        return True
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] in ([MODEL], [PROVENANCE])
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
