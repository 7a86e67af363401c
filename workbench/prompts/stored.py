"""Versions that a prompt store holds, as versions of the workbench: each one, and what each label points at."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from dataflows.prompt_loader import loader_module
from dataflows.prompt_store import LoadedPrompts, PromptSource, PromptStore, PromptStoreError, StoredVersion
from dataflows.prompt_store.records import to_json
from workbench import settings
from workbench.errors import VersionError
from workbench.records import Prompt, Version

PREFIX = "store:"
_MOST_SHOWN = 20
"""Of the versions by number, the newest."""
_AGE_SECONDS = 2.0
"""How long a page may show a label where it was: one page asks many times, and a database that is away waits."""

_READ_AT = datetime.fromtimestamp(0, UTC)
"""The same each time: what is equal is shared between variants."""


@dataclass(frozen=True)
class ReadPrompts(PromptSource):
    """Gives what was read and is shown, though a label may have been moved since."""

    prompts: LoadedPrompts = field(hash=False)

    def load(self, dataflow: str, which: int | str) -> LoadedPrompts:  # noqa: ARG002 the loader asks by the label
        """See PromptSource.load; the prompts that were read, whatever is asked for."""
        return self.prompts


@dataclass(frozen=True)
class StoreView:
    """What a store holds of one dataflow."""

    versions: tuple[StoredVersion, ...] = ()
    labels: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    """Why it can't be asked now, as a sentence."""


_seen: dict[tuple[str, str], tuple[float, StoreView]] = {}
_lock = threading.Lock()


def open_store() -> PromptStore:
    """The store of the opened project; its tables are made with the first version.

    Raises:
        PromptStoreError: WORKBENCH_PROMPT_STORE is no address of one.
    """
    return PromptStore(settings.prompt_store())


def view(dataflow: str) -> StoreView:
    """What the store holds of a dataflow, at most two seconds old; empty with a problem where it can't be asked."""
    key = (settings.prompt_store(), dataflow)
    with _lock:
        at, known = _seen.get(key, (0.0, StoreView()))
        if at and time.monotonic() - at < _AGE_SECONDS:
            return known
        try:
            found = _asked(dataflow)
        except PromptStoreError as error:
            found = StoreView(problem=str(error))
        _seen[key] = (time.monotonic(), found)
        return found


def _asked(dataflow: str) -> StoreView:
    if settings.own_prompt_store() and not Path(settings.prompt_store()).exists():
        return StoreView()
    store = open_store()
    return StoreView(tuple(store.versions(dataflow)), store.labels(dataflow))


def forget() -> None:
    """Ask the store anew: something in it was changed."""
    with _lock:
        _seen.clear()


def stored_versions(dataflow: str) -> dict[str, Version]:
    """ "store:production" for each label and "store:v3" for the newest versions -> version; none where it is away."""
    found = view(dataflow)
    by_number = {own.number: own for own in found.versions}
    newest = {f"v{own.number}": own for own in found.versions[-_MOST_SHOWN:]}
    labels = {label: by_number[number] for label, number in found.labels.items() if number in by_number}
    return {f"{PREFIX}{name}": _version(name, own) for name, own in {**newest, **labels}.items()}


def _version(name: str, stored: StoredVersion) -> Version:
    prompts = {own: Prompt(own, text) for own, text in stored.texts.items()}
    return Version(
        dataflow=stored.dataflow,
        number=0,
        path="",
        doc=stored.reason,
        prompts=prompts,
        source=to_json(dict(stored.texts)),
        sha256=stored.sha256,
        origin="store",
        name=f"{PREFIX}{name}",
        stored=stored.number,
    )


def loader_of(version: Version) -> ModuleType:
    """The module whose functions load the version's prompts.

    Raises:
        VersionError: It has none, or one whose name can't be a function's.
    """
    try:
        return loader_module(version.dataflow, list(version.prompts))
    except ValueError as error:
        raise VersionError(f"{version.label} can't be loaded: {error}.") from error


def loader_inputs(version: Version) -> dict[str, Any]:
    """What the loader's inputs get; nothing for a version that is no store's."""
    if version.origin != "store":
        return {}
    asked = version.label.removeprefix(PREFIX)
    texts = {name: prompt.template for name, prompt in version.prompts.items()}
    label = "" if asked == f"v{version.stored}" else asked
    read = LoadedPrompts(version.dataflow, version.stored, label, texts, {}, _READ_AT)
    return {"prompt_store": ReadPrompts(read), "prompt_version": asked}
