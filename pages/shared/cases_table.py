"""The rows of a dataset as they stand on the page: edited in cells, and kept until they are saved or discarded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.shared import cached, state
from workbench import settings
from workbench.datasets.nouns import Dataset
from workbench.datasets.table import COLUMNS
from workbench.datasets.table_check import row_texts

_TABLE = "cases-table"
_ROW_HEIGHT = 64
_HELP = {
    "name": "One of its own for each case.",
    "document": "A file that lies beside the dataset.",
    "inputs": "YAML: query: What is new?",
    "tags": "With commas; verdicts are told for each.",
    "threshold": "Empty: every assertion has to hold. Else the score, from 0 to 1, that is enough.",
    "assert": "YAML, as it stands under assert: in the file.",
}


@dataclass(frozen=True)
class Edited:
    """What the table holds now."""

    rows: Sequence[Mapping[str, Any]]
    """As they are shown; empty ones are among them."""
    base: str
    """SHA-256 of the file that the edit began with."""
    is_edited: bool


def cases_table(dataset: Dataset) -> Edited:
    """Show the table of a dataset and keep what is edited in it.

    Args:
        dataset: As its file is now.
    """
    place = place_of(dataset.path)
    table = _table(dataset, place)
    frame = pd.DataFrame(table["rows"], columns=list(COLUMNS), dtype="object")
    shown = st.data_editor(
        frame,
        key=f"{_TABLE}-{table['turn']}",
        num_rows="dynamic",
        hide_index=True,
        row_height=_ROW_HEIGHT,
        height=min(40 + _ROW_HEIGHT * (len(frame) + 1), 560),
        placeholder="",
        alt=f"Cases of {dataset.name}",
        column_config=_columns(dataset, table["rows"]),
    )
    rows = shown.astype(object).where(shown.notna(), None).to_dict("records")
    texts = row_texts(rows)
    is_edited = texts != cached.case_rows(dataset.file_sha256, dataset.cases)
    state.keep(place, {"base": table["base"], "rows": texts} if is_edited else None)
    return Edited(rows, table["base"], is_edited)


def forget_edits(path: Path) -> None:
    """Show the file as it is from now on."""
    state.keep(place_of(path), None)
    state.pass_on(_TABLE, {"turn": _turn(), "place": ""})


def rebase_edits(path: Path, base: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Have the edits stand on another state of the file, which somebody has seen.

    Args:
        path: The dataset's file.
        base: SHA-256 of the file.
        rows: As they are edited.
    """
    state.keep(place_of(path), {"base": base, "rows": row_texts(rows)})
    state.pass_on(_TABLE, {"turn": _turn(), "place": ""})


def place_of(path: Path) -> str:
    """Under which name the edits of a file are kept."""
    root = settings.project()
    return f"cases-{path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name}"


def _table(dataset: Dataset, place: str) -> dict[str, Any]:
    """What the editor began with: it stays while somebody edits, or what was typed would be applied twice."""
    table: dict[str, Any] = state.passing(_TABLE, {})
    kept = state.kept(place)
    anew = not kept and table.get("base") != dataset.file_sha256
    if table.get("place") != place or anew:
        rows = kept["rows"] if kept else cached.case_rows(dataset.file_sha256, dataset.cases)
        base = kept["base"] if kept else dataset.file_sha256
        table = {"place": place, "base": base, "rows": rows, "turn": _turn() + 1}
        state.pass_on(_TABLE, table)
    return table


def _turn() -> int:
    return int(state.passing(_TABLE, {}).get("turn", 0))


def _columns(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    text = st.column_config.TextColumn
    there = [own.name for own in _files(dataset.path.parent) if own.name != dataset.path.name]
    named = [str(row.get("document") or "") for row in rows]
    documents = list(dict.fromkeys(own for own in [*named, *there] if own))
    return {
        "name": text("Name", help=_HELP["name"], width=210, max_chars=200),
        "document": st.column_config.SelectboxColumn("Document", help=_HELP["document"], options=documents, width=200),
        "inputs": text("Inputs", help=_HELP["inputs"], width=260),
        "tags": text("Tags", help=_HELP["tags"], width=130),
        "threshold": text("Threshold", help=_HELP["threshold"], width=85),
        "assert": text("Assertions", help=_HELP["assert"], width=340),
    }


def _files(folder: Path) -> list[Path]:
    found = sorted(own for own in folder.iterdir() if own.is_file() and not own.name.startswith("."))
    return found[:2_000]
