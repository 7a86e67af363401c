"""Tables as CSV files that a spreadsheet opens, and does not run."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = re.compile(r"^\s*[=+\-@]")


def csv_bytes(table: "pd.DataFrame") -> bytes:
    """UTF-8 with a mark, which spreadsheets need; a text that a spreadsheet would run gets a quote before it.

    Source: OWASP, CSV injection.
    """
    harmless = table.map(lambda cell: _harmless(cell) if isinstance(cell, str) else cell)
    return str(harmless.to_csv(index=False)).encode("utf-8-sig")


def encodable(text: str) -> str:
    """The text with "?" for lone surrogates, which no file of UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
