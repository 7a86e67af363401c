"""Puts the merged versions into a prompt store: python -m examples.service.fill_store sqlite:///prompts.db v3 "Ada".

The address, the version that becomes production, and who says so.
"""

import hashlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from hamilton import driver

from dataflows.prompt_store import PromptStore, PromptStoreError
from examples.service.prompt_ways import DATAFLOW, PROMPTS, by_module

_FOLDER = Path(__file__).resolve().parents[2] / "prompts" / DATAFLOW


def fill(store: PromptStore, author: str) -> dict[str, int]:
    """Label of each merged version -> its number in the store; parameters are filled with their defaults."""
    numbers = {}
    for label in _labels():
        choice = by_module(label)
        texts = driver.Builder().with_modules(choice.module).build().execute(PROMPTS)
        source = Path(inspect.getfile(choice.module)).read_bytes()
        numbers[label] = store.add_version(
            DATAFLOW,
            texts,
            reason=(choice.module.__doc__ or label)[:2_000],
            author=author,
            model=choice.model,
            source=f"prompts/{DATAFLOW}/prompts_{label}.py, sha256 {hashlib.sha256(source).hexdigest()}",
        )
    return numbers


def _labels() -> Iterator[str]:
    found = [match[1] for path in _FOLDER.glob("*.py") if (match := re.fullmatch(r"prompts_v(\d+)\.py", path.name))]
    return (f"v{number}" for number in sorted(map(int, found)))


def main(url: str, label: str, by: str) -> None:
    """Fill the store and point production at a version."""
    store = PromptStore(url)
    numbers = fill(store, by)
    if store.labels(DATAFLOW).get("production") != numbers[label]:
        store.move_label(DATAFLOW, "production", numbers[label], by=by, why="filled from the merged versions")
    print(f"{store.place} has {len(numbers)} versions; production is {label}")  # noqa: T201 for whoever starts it


if __name__ == "__main__":
    try:
        main(*sys.argv[1:4])
    except (TypeError, KeyError, PromptStoreError) as error:
        sys.exit(f"{error}; give an address, a version and a name, see README.md beside this file")
