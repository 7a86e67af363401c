"""Where the workbench keeps its state and finds its code."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: dataflows/, prompts/ and samples/ are here."""

SAMPLE = ROOT / "samples" / "street-trees.pdf"
"""The built-in document."""


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The state folder: WORKBENCH_HOME, or .workbench/ in the checkout; made when missing, for its owner only."""
    folder = Path(environment.get("WORKBENCH_HOME") or ROOT / ".workbench").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
