"""Tables in texts: rows by the names of their columns, within bounds."""

import csv
import io
from collections.abc import Sequence
from itertools import islice

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000

_DELIMITERS = ",;\t|"
_ROWS_TRIED = 20
_CHARACTERS_TRIED = 1_000_000


class UnfitTableError(ValueError):
    """What is wrong with the table, as the end of a sentence."""


def delimiter_of(text: str) -> str:
    """What stands between the cells: a comma, unless only a semicolon, tab or bar gives rows of one width."""
    return next((own for own in _DELIMITERS if _is_even(text, own)), ",")


def read_rows(text: str, delimiter: str) -> list[dict[str, str]]:
    """The rows below the header, each a mapping from the names of the columns to texts; blank lines are passed over.

    Source: RFC 4180, with any delimiter of one character.

    Raises:
        UnfitTableError: There is no header, a row has another width, quotes don't close, or there is more than
            MOST_ROWS or MOST_COLUMNS.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[dict[str, str]] = []
    try:
        for cells in reader:
            if not cells or (len(cells) == 1 != len(header) and cells[0].isspace()):
                continue
            if not header:
                _refuse_bad_header(cells)
                header = cells
                continue
            if len(cells) != len(header):
                counts = f"{len(cells):,} cells, and its header {len(header):,}"
                raise UnfitTableError(f"the row that ends in line {reader.line_num:,} has {counts}")
            if len(rows) == MOST_ROWS:
                raise UnfitTableError(f"it has more rows than the limit of {MOST_ROWS:,}")
            rows.append(dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise UnfitTableError(f"line {reader.line_num:,}: {error}") from None
    if not rows:
        raise UnfitTableError("it has no row below a header; at least 1 is needed")
    return rows


def _refuse_bad_header(cells: Sequence[str]) -> None:
    """UnfitTableError unless these name columns; one of them may be blank, as above the numbers of the rows."""
    if len(cells) > MOST_COLUMNS:
        raise UnfitTableError(f"it has {len(cells):,} columns; the limit is {MOST_COLUMNS:,}")
    names = [cell.strip() for cell in cells]
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise UnfitTableError(f"its header has {twice[:60]!r} twice")
    if names.count("") > 1:
        raise UnfitTableError(f"its header has {names.count(''):,} columns without a name; the limit is 1")
    if not (named := list(filter(None, names))):
        raise UnfitTableError("its first row names no column")
    if all(map(_is_number, named)):
        raise UnfitTableError(f"its first row holds numbers where the names of the columns are needed: {named[0][:60]}")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_even(text: str, delimiter: str) -> bool:
    beginning = io.StringIO(text[:_CHARACTERS_TRIED], newline="")
    reader = csv.reader(beginning, delimiter=delimiter, strict=True)
    try:
        widths = {len(cells) for cells in islice(filter(None, reader), _ROWS_TRIED)}
    except csv.Error:
        return False
    return len(widths) == 1 and min(widths) > 1
