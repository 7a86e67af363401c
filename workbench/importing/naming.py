"""Names for imported prompts that Python and Hamilton take."""

import re
import unicodedata
from collections.abc import Collection

from dataflows.templates import wrong_name

_MAX_CHARS = 60
_FALLBACK = "prompt"


def suggest_name(label: str, taken: Collection[str] = ()) -> str:
    """A name made of the label's letters and digits, lower case, that is not taken; "prompt" when it has none."""
    name = _cleaned(label)
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _cleaned(label: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label[: 4 * _MAX_CHARS]).lower())
    name = re.sub(r"[\W_]+", "_", plain).strip("_")[:_MAX_CHARS].rstrip("_")
    if name[:1].isdigit():
        name = f"{_FALLBACK}_{name}"
    # str would hide Python's own from the functions of an exported module.
    if name == "str" or wrong_name(name) == "is a Python keyword":
        name = f"{name}_{_FALLBACK}"
    return name if not wrong_name(name) and name.isprintable() else _FALLBACK
