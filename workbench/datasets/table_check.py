"""What is wrong in the rows of a table, all of it at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.datasets.documents import document_hashes
from workbench.datasets.failures import DatasetError
from workbench.datasets.nouns import Case
from workbench.datasets.table import COLUMNS, cases_of


@dataclass(frozen=True)
class RowProblem:
    """Why a row is no case."""

    row: int
    """From 1."""
    reason: str
    """A sentence."""
    hint: str


def check_rows(
    rows: Sequence[Mapping[str, Any]], file: Path, root: Path, home: Path
) -> tuple[list[Case], dict[str, str], list[RowProblem]]:
    """The cases of rows that are fine, the hashes of their documents, and what is wrong with the others.

    Args:
        rows: Texts by column; None is an empty one. Rows without any text are left out.
        file: The dataset's; documents are named relative to its folder.
        root: The project.
        home: The state folder.
    """
    cases: list[Case] = []
    hashes: dict[str, str] = {}
    problems: list[RowProblem] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        try:
            found = _case(tuple(_text(row.get(name)) for name in COLUMNS))
            hashes |= document_hashes(file, (own for own in found if own.document not in hashes), root, home)
        except DatasetError as error:
            problems.append(RowProblem(number, f"{error.reason.removeprefix('row 1: ')}.", error.hint))
            continue
        for case in found:
            first = seen.setdefault(case.name, number)
            if first == number:
                cases.append(case)
            else:
                reason = f"the name {case.name[:80]!a} is that of row {first}, too."
                problems.append(RowProblem(number, reason, "Give each case a name of its own."))
    return cases, hashes, problems


# A page is drawn anew at each edit, and only one row is another one then.
@lru_cache(maxsize=20_000)
def _case(texts: tuple[str, ...]) -> tuple[Case, ...]:
    return tuple(cases_of([dict(zip(COLUMNS, texts, strict=True))], ""))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def row_texts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows as texts only, without those that have none."""
    texts = ({name: _text(row.get(name)) for name in COLUMNS} for row in rows)
    return [row for row in texts if any(value.strip() for value in row.values())]
