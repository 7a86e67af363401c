"""settings.json of a state folder: what was set by hand."""

import json
import os
from pathlib import Path

_NAME = "settings.json"


def read(folder: Path) -> dict[str, object]:
    """Name -> value; nothing where the file is missing or makes no sense."""
    try:
        kept = json.loads((folder / _NAME).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def keep(folder: Path, **values: object) -> None:
    """Set some, and leave the others as they are."""
    draft = folder / f"{_NAME}.{os.getpid()}"
    draft.write_text(json.dumps({**read(folder), **values}), encoding="utf-8")
    draft.replace(folder / _NAME)  # whole or not at all, for who reads meanwhile
