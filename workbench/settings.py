"""Where the workbench keeps its state and finds its code, and how much room it may take."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import UsageError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: dataflows/, prompts/ and samples/ are here."""

SAMPLE = ROOT / "samples" / "street-trees.pdf"
"""The built-in document."""

STORE_MB = range(50, 100 * 1024 + 1)
"""What the limit of kept answers can be set to, in MB of 2**20 bytes."""

_STORE_VARIABLE = "WORKBENCH_STORE_MB"
_FILE_NAME = "settings.json"


@dataclass(frozen=True)
class StoreLimit:
    """How much room kept answers may take on disk."""

    megabytes: int = 500
    from_environment: bool = False
    """Set by WORKBENCH_STORE_MB, so that nothing else can change it."""

    @property
    def bytes(self) -> int:
        """The same in bytes."""
        return self.megabytes * 2**20


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The state folder: WORKBENCH_HOME, or .workbench/ in the checkout; made when missing, for its owner only."""
    folder = Path(environment.get("WORKBENCH_HOME") or ROOT / ".workbench").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def store_limit(folder: Path, environment: Mapping[str, str] = os.environ) -> StoreLimit:
    """The limit in force for a state folder: WORKBENCH_STORE_MB, else what was set on the Settings page, else 500 MB.

    Raises:
        UsageError: WORKBENCH_STORE_MB is no whole number within STORE_MB.
    """
    if text := environment.get(_STORE_VARIABLE):
        if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) in STORE_MB):
            raise UsageError(
                f"{_STORE_VARIABLE} is {text[:40]!r}; it takes whole MB from {STORE_MB[0]} to {STORE_MB[-1]}.",
                "Correct it, or unset it to use the limit of the Settings page.",
            )
        return StoreLimit(int(text), from_environment=True)
    kept = _kept(folder).get("store_mb")
    return StoreLimit(kept) if type(kept) is int and kept in STORE_MB else StoreLimit()


def keep_store_limit(folder: Path, megabytes: int) -> None:
    """Set the limit for all processes that use this state folder; they follow it at once.

    Raises:
        UsageError: It is not within STORE_MB.
    """
    if megabytes not in STORE_MB:
        raise UsageError(f"The limit is {megabytes} MB; it has to be from {STORE_MB[0]} to {STORE_MB[-1]} MB.")
    draft = folder / f"{_FILE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps({**_kept(folder), "store_mb": megabytes}), encoding="utf-8")
    draft.replace(folder / _FILE_NAME)  # whole or not at all, for who reads meanwhile


def _kept(folder: Path) -> dict[str, object]:
    """What was set by hand; nothing where the file is missing or makes no sense."""
    try:
        kept = json.loads((folder / _FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
