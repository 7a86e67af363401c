"""Versions that a prompt store holds, as versions of the workbench: each one, and what each label points at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from dataflows.prompt_loader import loader_module
from dataflows.prompt_store import LabelMove, LoadedPrompts, PromptSource, PromptStore, StoredVersion
from dataflows.prompt_store.records import to_json
from workbench import settings
from workbench.errors import VersionError
from workbench.prompts import store_answers
from workbench.records import Prompt, Version

PREFIX = "store:"
_MOST_SHOWN = 20
"""Of the versions by number, the newest."""
MOST_MOVES = 200
"""Of the change log, the newest."""
_MOST_OLDER = 20

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
    """What a store holds of one dataflow, now or when it could be asked last."""

    versions: tuple[StoredVersion, ...] = ()
    """By rising number."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Label -> number of the version it points at."""
    moves: tuple[LabelMove, ...] = ()
    """The newest first: at most 200, and the last ones of labels that rest longer."""
    problem: str = ""
    """Why it can't be asked now, as a sentence; empty when it can."""


def open_store() -> PromptStore:
    """The store of the opened project; its tables are made with the first version.

    Raises:
        PromptStoreError: WORKBENCH_PROMPT_STORE is no address of one.
    """
    return PromptStore(settings.prompt_store())


def view(dataflow: str) -> StoreView:
    """What the store holds of a dataflow, at most two seconds old; with a problem where it can't be asked."""
    address = settings.prompt_store()  # another project may be opened while the question is on its way
    found = store_answers.answer((address, dataflow), lambda: _view(address, dataflow), StoreView())
    known: StoreView = found.value
    return replace(known, problem=found.problem)


def _view(address: str, dataflow: str) -> StoreView:
    store = PromptStore(address)
    if _is_new(store, address):
        return StoreView()
    versions, labels = tuple(store.versions(dataflow)), store.labels(dataflow)
    moves = store.log(dataflow, most=MOST_MOVES)
    for label in sorted(set(labels) - {own.label for own in moves}):
        moves += store.log(dataflow, label, _MOST_OLDER)
    return StoreView(versions, labels, tuple(moves))


def _is_new(store: PromptStore, address: str) -> bool:
    """Whether it is a file that its first version will make."""
    path = Path(store.place)
    return not address.startswith("postgres") and not path.exists() and path.parent.is_dir()


def forget() -> None:
    """Ask the store anew: something in it was changed."""
    store_answers.forget()


def stored_versions(dataflow: str) -> dict[str, Version]:
    """ "store:production" per label, "store:v3" for the newest versions -> version; last known where it is away."""
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
