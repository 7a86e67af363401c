"""workbench.toml: what a project says of its dataflows where the code does not.

Source of the format: TOML 1.0.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from dataflows import Dataflow
from workbench.errors import UsageError

FILE = "workbench.toml"
LISTS = ("modules", "also_prompts", "never_prompts")
TABLES = ("config", "inputs", "small_model")
KEYS = tuple(own.name for own in fields(Dataflow))
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_MOST_BYTES = 200_000
_MOST_NAMES = 100
_DEEPEST = 20
_TOP = ("paths", "dataflows")
_NODES = ("document", "chunks", "output")
_PLAIN = "it has to be a text, a number, true or false, or a list or table of these"
_HINT = "Correct it, or write it anew from the Settings page."


def read(root: Path) -> tuple[dict[str, Dataflow], tuple[str, ...]] | None:
    """The dataflows and the folders imports start from, as workbench.toml says; None when the project has none.

    Raises:
        UsageError: The file can't be read, or says something that makes no sense.
    """
    try:
        data = (root / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{FILE} can't be read: {error.strerror}.", _HINT) from error
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{FILE} has {len(data):,} bytes; at most {_MOST_BYTES:,} are read.", _HINT)
    return parsed(root, data)


def parsed(root: Path, data: bytes) -> tuple[dict[str, Dataflow], tuple[str, ...]]:
    """The same of the bytes of such a file.

    Raises:
        UsageError: It makes no sense.
    """
    try:
        said = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{FILE} is no UTF-8 at byte {error.start}.", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{FILE} is no TOML: {str(error) or 'it is nested too deeply'}.", _HINT) from error
    _refuse_unknown(said, _TOP, "")
    paths = _texts(said.get("paths", []), "paths")
    for own in paths:
        _refuse_outside(root, own, "paths")
        if not (root / own).is_dir():
            raise UsageError(f"{FILE}: paths has {own[:80]!r}, which is no folder of the project.", _HINT)
    tables = said.get("dataflows", {})
    if not isinstance(tables, dict):
        raise UsageError(f"{FILE}: dataflows is {_shown(tables)}; it has to be a table, [dataflows.NAME].", _HINT)
    _refuse_many(tables, "dataflows")
    return {name: _dataflow(root, name, table) for name, table in tables.items()}, paths


def _dataflow(root: Path, name: str, table: Any) -> Dataflow:
    where = f"dataflows.{name[:60]}"
    if not NAME.fullmatch(name):
        what = "letters, digits and _ make one, at most 60"
        raise UsageError(f"{FILE}: {name[:60]!r} is no name of a dataflow; {what}.", _HINT)
    if not isinstance(table, dict):
        raise UsageError(f"{FILE}: {where} is {_shown(table)}; it has to be a table, [{where}].", _HINT)
    _refuse_unknown(table, KEYS, where)
    values = {key: _value(value, key, f"{where}.{key}") for key, value in table.items()}
    if not values.get("modules"):
        raise UsageError(f"{FILE}: {where} has no modules; at least 1 is needed.", 'Add modules = ["package.module"].')
    for key in ("prompts", "sample"):
        _refuse_outside(root, values.get(key, ""), f"{where}.{key}")
    return Dataflow(**values)


def _value(value: Any, key: str, where: str) -> Any:
    if key in TABLES:
        if not isinstance(value, dict):
            raise UsageError(f"{FILE}: {where} is {_shown(value)}; it has to be a table.", _HINT)
        _refuse_strange(value, where)
        return value
    if key in LISTS:
        texts = _texts(value, where)
        for own in texts:
            parts = own.split(".") if key == "modules" else [own]
            if not all(part.isidentifier() for part in parts):
                kind = "module, such as package.module" if key == "modules" else "node"
                raise UsageError(f"{FILE}: {where} has {_shown(own)}, which is no name of a {kind}.", _HINT)
        return texts
    if not isinstance(value, str):
        raise UsageError(f"{FILE}: {where} is {_shown(value)}; it has to be a text.", _HINT)
    if key in _NODES and value and not value.isidentifier():
        raise UsageError(f"{FILE}: {where} is {_shown(value)}, which is no name of a node.", _HINT)
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(own, str) for own in value):
        raise UsageError(f"{FILE}: {where} is {_shown(value)}; it has to be a list of texts.", _HINT)
    _refuse_many(value, where)
    return tuple(value)


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
            raise UsageError(f"{FILE}: {where}{'.' if where else ''}{key[:60]} is unknown.", hint)


def _refuse_outside(root: Path, folder: str, where: str) -> None:
    if "\0" in folder or not (root / folder).resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{FILE}: {where} is {folder[:80]!r}, which is outside of the project.", _HINT)


def _refuse_many(names: Any, where: str) -> None:
    if len(names) > _MOST_NAMES:
        raise UsageError(f"{FILE}: {where} has {len(names):,} entries; at most {_MOST_NAMES} are allowed.", _HINT)


def _refuse_strange(value: Any, where: str, depth: int = 0) -> None:
    """UsageError for what JSON has no word for: dates, times, infinity and what is no number."""
    match value:
        case dict() | list() if depth < _DEEPEST:
            for key, own in value.items() if isinstance(value, dict) else enumerate(value):
                _refuse_strange(own, f"{where}.{key}"[:200], depth + 1)
        case float() if math.isfinite(value):
            return
        case str() | int():
            return
        case _:
            raise UsageError(f"{FILE}: {where} is {_shown(value)}; {_PLAIN}.", _HINT)


def _shown(value: Any) -> str:
    return repr(value)[:60]
