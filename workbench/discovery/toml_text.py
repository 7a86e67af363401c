"""The text of a workbench.toml with a dataflow in it, and that text on disk; what a person wrote there stays."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from dataflows import Dataflow
from workbench.errors import UsageError
from workbench.project_toml import FILE, KEYS, TABLES


def merged(before: str, dataflows: Mapping[str, Dataflow]) -> str:
    """The text with these dataflows in it; others, comments and what is said already stay as they are.

    Args:
        before: What the file holds; empty when there is none.
        dataflows: Name -> what is to be said of it; what is as it would be anyway is left out.

    Raises:
        UsageError: The text is no TOML.
    """
    try:
        document = tomlkit.parse(before)
        tables: Any = document.setdefault("dataflows", tomlkit.table(is_super_table=True))
        for name, own in dataflows.items():
            if name not in tables:
                tables[name] = _empty_in(tables)
            _say(tables[name], own)
        return tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{FILE} can't be added to: {error}.", "Correct it by hand.") from error


def text_on_disk(root: Path) -> str | None:
    """What the file of a project holds; None when there is none.

    Raises:
        UsageError: It can't be read, or is no UTF-8.
    """
    try:
        return (root / FILE).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{FILE} can't be read: {error}.", "Correct it by hand.") from error


def write_toml(root: Path, text: str, before: str | None) -> None:
    """Write the file, whole or not at all.

    Args:
        root: The project.
        text: What it is to hold.
        before: What it held when the text was made; None when there was none.

    Raises:
        UsageError: It was changed since, or can't be written.
    """
    if text_on_disk(root) != before:
        raise UsageError(f"{FILE} was changed meanwhile.", "Look at the difference again.")
    draft = root / f".{FILE}.{os.getpid()}"
    try:
        draft.write_bytes(text.encode("utf-8"))
        draft.replace(root / FILE)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"{FILE} can't be written: {error.strerror}.", "Make the project writable.") from error


def _say(table: Any, dataflow: Dataflow) -> None:
    for key in sorted(KEYS, key=lambda key: key in TABLES):
        value = getattr(dataflow, key)
        if not value:
            table.pop(key, None)
        elif key in TABLES:
            if key not in table:
                table[key] = _empty_in(table)
            _set_all(table[key], value)
        else:
            _set(table, key, list(value) if isinstance(value, tuple) else value)


def _empty_in(table: Any) -> Any:
    return tomlkit.inline_table() if isinstance(table, InlineTable) else tomlkit.table()


def _set_all(table: Any, values: Mapping[str, Any]) -> None:
    for key in [key for key in table if key not in values]:
        del table[key]
    for key, value in values.items():
        _set(table, key, value)


def _set(table: Any, key: str, value: Any) -> None:
    if key not in table or table[key] != value or isinstance(table[key], bool) != isinstance(value, bool):
        table[key] = value
