"""A list of runs as a file: CSV, JSON or Parquet."""

import io
import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Literal

from workbench.csv_file import csv_bytes, encodable
from workbench.history.history import History
from workbench.history.kept import Filters, RunRow

Form = Literal["csv", "json", "parquet"]
MOST_RUNS = 10_000
_AT_ONCE = 500
_NAMES = [own.name for own in fields(RunRow) if own.name not in ("seq", "output_loose")]


def download(history: History, filters: Filters, form: Form) -> bytes:
    """The newest 10,000 runs of a list, with their figures, prompts and outputs.

    Raises:
        HistoryError: The database can't be asked.
    """
    rows = list(_records(history, filters))
    if form == "json":
        return json.dumps(rows).encode("ascii")
    import pandas as pd  # slow to load, and the lists themselves need none

    table = pd.DataFrame([_flat(row) for row in rows], columns=[*_NAMES, "output", "prompts"])
    if form == "csv":
        return csv_bytes(table)
    target = io.BytesIO()
    table.to_parquet(target, index=False)
    return target.getvalue()


def _records(history: History, filters: Filters) -> Iterator[dict[str, Any]]:
    cursor, count = "", 0
    while count < MOST_RUNS:
        page = history.runs(filters, cursor, min(_AT_ONCE, MOST_RUNS - count))
        for row, (output, prompts) in zip(page.rows, history.texts_of(page.rows), strict=True):
            yield {**_facts(row), "output": output, "prompts": prompts}
        count, cursor = count + len(page.rows), page.older
        if not cursor:
            return


def _facts(row: RunRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _NAMES}


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """With one column for all prompts, as JSON."""
    texts = {**row, "prompts": json.dumps(row["prompts"])}
    return {name: encodable(own) if isinstance(own, str) else own for name, own in texts.items()}
