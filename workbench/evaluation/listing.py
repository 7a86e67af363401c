"""Rows of a matrix sorted, filtered and cut into pages: plain Python, quick for thousands of cells."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Literal

from workbench.evaluation.rows import Row

Order = Literal["as in the dataset", "regressed most", "lowest score", "name"]
ORDERS: tuple[Order, ...] = ("as in the dataset", "regressed most", "lowest score", "name")


def sorted_rows(rows: Sequence[Row], order: Order) -> list[Row]:
    """The rows in another order; of equals, the one that comes first in the dataset comes first.

    "regressed most" has cases that fail where the baseline passes first, then those whose score fell most.
    """
    keys: dict[Order, Callable[[Row], tuple[float | str, ...]]] = {
        "as in the dataset": lambda row: (row.position,),
        "regressed most": lambda row: (-len(row.regressed), -_or(row.drop, -math.inf)),
        "lowest score": lambda row: (_or(row.lowest, math.inf),),
        "name": lambda row: (row.case.name.casefold(),),
    }
    return sorted(rows, key=keys[order])


def filtered_rows(
    rows: Sequence[Row],
    *,
    tags: Collection[str] = (),
    text: str = "",
    only: Literal["", "failed", "regressed", "gained", "open"] = "",
) -> list[Row]:
    """Those with all tags whose name or document has the text, in whatever case, and of which something is so.

    Args:
        rows: To choose from.
        tags: All have to be there.
        text: Empty: any.
        only: "failed": in some column; "open": not known yet in some column.
    """
    wanted, needle = set(tags), text.casefold()
    is_so: Mapping[str, Callable[[Row], bool]] = {
        "": lambda _: True,
        "failed": partial(_any, False),
        "open": partial(_any, None),
        "regressed": lambda row: bool(row.regressed),
        "gained": lambda row: bool(row.gained),
    }
    return [
        row
        for row in rows
        if wanted <= set(row.case.tags)
        and needle in f"{row.case.name}\n{row.case.document}".casefold()
        and is_so[only](row)
    ]


def page_of(rows: Sequence[Row], number: int, size: int = 50) -> tuple[Sequence[Row], int]:
    """The rows of a page, and how many pages there are, at least one.

    Args:
        rows: All of them.
        number: From 0; one that isn't there becomes the nearest that is.
        size: Rows on a page.
    """
    count = max(1, -(-len(rows) // size))
    first = min(max(number, 0), count - 1) * size
    return rows[first : first + size], count


def _any(outcome: bool | None, row: Row) -> bool:
    return any(own.passed is outcome for own in row.entries.values())


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
