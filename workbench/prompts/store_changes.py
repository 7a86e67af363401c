"""Changes of the opened project's prompt store: a version more, a label moved or rolled back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from dataflows.prompt_store import LabelMove, PromptStore, PromptStoreError, StoreUnavailableError
from workbench.errors import UsageError
from workbench.prompts import store_answers
from workbench.prompts.stored import open_store

_Given = TypeVar("_Given")
_AWAY_HINT = "Start it, or correct WORKBENCH_PROMPT_STORE, then try again."


@dataclass(frozen=True)
class Added:
    """The version that holds some texts."""

    number: int
    is_new: bool
    """False where another one has had just these texts."""


def add_version(dataflow: str, texts: Mapping[str, str], *, reason: str, author: str, source: str) -> Added:
    """Store texts as the next version; where one has the same, that one is given and nothing is stored.

    Raises:
        UsageError: They can't be stored, the reason is empty, or the store is away.
    """

    def added(store: PromptStore) -> Added:
        before = _last_number(store, dataflow)
        number = store.add_version(dataflow, texts, reason=reason, author=author, source=source)
        return Added(number, number > before)

    return _changed(added)


def move_label(dataflow: str, label: str, number: int, *, by: str, why: str, expected: int) -> LabelMove:
    """Point a label at a version.

    Args:
        dataflow: Its name.
        label: Which; a new one is made.
        number: Of the version.
        by: Who moves it.
        why: For the log.
        expected: Where it pointed when that was decided; 0 for a new one.

    Raises:
        UsageError: Somebody else moved it since, by or why is empty, or the store is away.
    """
    return _changed(lambda store: store.move_label(dataflow, label, number, by=by, why=why, expected=expected))


def roll_back(dataflow: str, label: str, *, by: str, why: str, expected: int) -> LabelMove:
    """Point a label where it pointed before its last move that stands; see move_label for the rest.

    Raises:
        UsageError: As move_label; or it has pointed nowhere before.
    """
    return _changed(lambda store: store.roll_back(dataflow, label, by=by, why=why, expected=expected))


def _changed(change: Callable[[PromptStore], _Given]) -> _Given:
    try:
        return change(open_store())
    except PromptStoreError as error:
        said = str(error)
        hint = _AWAY_HINT if isinstance(error, StoreUnavailableError) else ""
        raise UsageError(f"{said[:1].upper()}{said[1:]}.", hint) from error
    finally:
        store_answers.forget()


def _last_number(store: PromptStore, dataflow: str) -> int:
    """The highest number; 0 in a store whose file is yet to be made."""
    try:
        return max((own.number for own in store.versions(dataflow)), default=0)
    except StoreUnavailableError:
        return 0
