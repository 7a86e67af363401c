"""What a prompt store holds and gives, and what it raises."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class PromptStoreError(ValueError):
    """The store refuses something; a plain sentence says what."""


class UnknownVersionError(PromptStoreError):
    """The dataflow has no such version or label."""


class LabelMovedError(PromptStoreError):
    """Somebody else moved the label meanwhile."""


class StoreUnavailableError(PromptStoreError):
    """The database can't be asked now."""


@dataclass(frozen=True)
class StoredVersion:
    """A full set of a dataflow's prompts; never changed once it is stored."""

    dataflow: str
    number: int
    texts: Mapping[str, str]
    """Name of the prompt -> its template."""
    reason: str
    author: str
    model: Mapping[str, Any]
    """The model it is for and its settings, as in a module's MODEL; empty when none is pinned."""
    source: str
    """Where the texts came from, for people: "prompts/summarization/prompts_v3.py" and its hash, for example."""
    created_at: datetime
    """In UTC."""

    @property
    def sha256(self) -> str:
        """Of the texts, see texts_sha256."""
        return texts_sha256(self.texts)


@dataclass(frozen=True)
class LabelMove:
    """One line of the change log."""

    id: int
    """Rises with every move in the store."""
    dataflow: str
    label: str
    before: int | None
    """The version it pointed at; None for a new label."""
    after: int
    at: datetime
    """In UTC."""
    by: str
    why: str
    undoes: int | None
    """Id of the move that this one rolled back; None for a move forward."""
    is_undone: bool = False
    """A later one rolled it back."""


@dataclass(frozen=True)
class LoadedPrompts:
    """A dataflow's prompts as a chain gets them: all of one version."""

    dataflow: str
    version: int
    label: str
    """The label they were asked by; empty when they were asked by their number."""
    texts: Mapping[str, str]
    model: Mapping[str, Any]
    fetched_at: datetime
    """When the database last said so, in UTC."""
    stale: bool = False
    """The database was away when it should have been asked again."""

    @property
    def sha256(self) -> str:
        """Of the texts, see texts_sha256."""
        return texts_sha256(self.texts)


class PromptSource(ABC):
    """Gives a dataflow its prompts.

    An abstract class and not a Protocol, because Hamilton checks its inputs with isinstance.
    """

    @abstractmethod
    def load(self, dataflow: str, which: int | str) -> LoadedPrompts:
        """The prompts of one version.

        Args:
            dataflow: Its name.
            which: A number (2, "2", "v2") or a label ("production").

        Raises:
            UnknownVersionError: There is no such version or label.
            StoreUnavailableError: The database can't be asked, and nothing is known from before.
        """


def texts_sha256(texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over names and texts; the same wherever the texts come from."""
    return hashlib.sha256(to_json(dict(texts)).encode()).hexdigest()


def content_sha256(texts: Mapping[str, str], model: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over texts and model: two versions with the same one are the same version."""
    return hashlib.sha256(to_json([dict(texts), dict(model)]).encode()).hexdigest()


def to_json(value: Any) -> str:
    """JSON on one line, keys sorted, so that equal values give equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
