"""What JSON or a table holds, as a value of a type that a dataflow takes."""

import io
from collections.abc import Sequence
from typing import Any

from workbench.documents.file_names import shown
from workbench.documents.plain_reading import value_of
from workbench.documents.tables import delimiter_of
from workbench.documents.value_types import fits, is_frame
from workbench.errors import InputError
from workbench.records import Document


def held(document: Document, options: Sequence[Any]) -> Any:
    """What JSON or a table holds, as the first of these types that it is of; None when it is of none.

    Raises:
        InputError: The text is not what the document's form says.
    """
    if not options:
        return None
    value = parsed(document)
    for option in options:
        if is_frame(option) and fits(value, list[dict[str, Any]]):
            return _frame(document, value)
        if fits(value, option):
            return value
    return None


def parsed(document: Document) -> Any:
    """What JSON or a table holds, whatever it is; a new value each time.

    Raises:
        InputError: The text is not what the document's form says.
    """
    try:
        return value_of(document)
    except ValueError as error:
        raise InputError(f"{shown(document.name)} can't be read: {error}.", "Add it again.") from None


def _frame(document: Document, value: Any) -> Any:
    import pandas as pd  # it takes long to load, and few dataflows want it

    if document.kind == "json":
        return pd.DataFrame(value)
    text = "".join(document.page_texts)
    delimiter = "\t" if document.reader == "tsv" else delimiter_of(text)
    try:
        # As pandas reads the file, numbers as numbers.
        return pd.read_csv(io.StringIO(text), sep=delimiter, index_col=False)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"pandas can't read {shown(document.name)}: {reason}.", "Add a corrected file.") from None
