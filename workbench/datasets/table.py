"""A dataset as a table of texts, to be edited in cells, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.yaml_text import read_yaml
from workbench.datasets.case_entries import cases_in
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case
from workbench.datasets.spelling import one_line, spelt_case

COLUMNS = ("name", "document", "inputs", "tags", "threshold", "assert")


def rows_of(cases: Sequence[Case]) -> list[dict[str, str]]:
    """A row for each case: inputs and assertions as a line of YAML, tags with commas, "" for what isn't there."""
    rows = []
    for case in cases:
        spelt = spelt_case(case)
        row = {name: str(spelt.get(name, "")) for name in ("name", "document", "threshold")}
        row |= {name: one_line(spelt[name]) if spelt.get(name) else "" for name in ("inputs", "assert")}
        rows.append(row | {"tags": ", ".join(case.tags)})
    return rows


def cases_of(rows: Sequence[Mapping[str, Any]], file: str) -> list[Case]:
    """The cases of edited rows, in their order; rows without any text are left out.

    Args:
        rows: Texts by column; None is an empty one.
        file: What messages call the dataset.

    Raises:
        DatasetError: A cell is not as it has to be; its row is named, from 1.
    """
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(_text(row, name) for name in COLUMNS)]
    try:
        return cases_in([_entry(row, number, file) for number, row in filled])
    except AssertionSyntaxError as error:
        place, _, rest = error.where.removeprefix("cases[").partition("]")
        row = f"row {filled[int(place)][0]}: {rest.lstrip('.')}" if place.isdecimal() else error.where
        raise DatasetError(file, 0, f"{row.rstrip(': ')}: {error.reason}", error.hint) from error


def _entry(row: Mapping[str, Any], number: int, file: str) -> dict[str, Any]:
    entry: dict[str, Any] = {name: _text(row, name) for name in ("name", "document") if _text(row, name)}
    if tags := [tag.strip() for tag in _text(row, "tags").split(",") if tag.strip()]:
        entry["tags"] = tags
    for name in ("inputs", "threshold", "assert"):
        if text := _text(row, name):
            try:
                entry[name] = read_yaml(text)
            except ValueError as error:
                reason = f"row {number}: {name}: {error}"
                raise DatasetError(file, 0, reason, "Write it as it stands in the other rows.") from error
    return entry


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()
