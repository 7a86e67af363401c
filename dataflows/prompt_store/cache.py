"""A prompt store that is asked once in a while, and that answers with what it last knew while the database is away."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from dataflows.prompt_store.checks import number_in
from dataflows.prompt_store.last_known import LastKnownFile
from dataflows.prompt_store.records import LoadedPrompts, PromptSource, PromptStoreError

_RETRY_SECONDS = 5.0
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoreStatus:
    """Whether the database answered when it was last asked."""

    is_available: bool = True
    problem: str = ""
    """What was wrong, as a sentence."""
    since: datetime | None = None
    """Begin of the outage, in UTC."""


@dataclass
class _Kept:
    loaded: LoadedPrompts | None = None
    until: float = 0.0
    """When to ask again, in seconds of the clock."""
    error: PromptStoreError | None = None
    """Why nothing was known; those who waited for the answer get it too."""
    asking: threading.Lock = field(default_factory=threading.Lock)


class CachedStore(PromptSource):
    """A store for a service: any number of threads, one of which asks the database while the others go on.

    A version asked by its number is asked once, as it never changes; a label again after max_age_seconds. While the
    database is away, what was known is given with stale=True, and the database is tried again every 5 s or sooner;
    that is logged once per outage as a warning.

    Args:
        store: Is asked.
        max_age_seconds: How long a label may go on meaning what it meant.
        fallback_file: Keeps what was last known, so that a new process starts while the database is away.
        clock: Seconds that only rise.
    """

    def __init__(
        self,
        store: PromptSource,
        max_age_seconds: float = 60.0,
        fallback_file: str | Path | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._max_age_seconds = max_age_seconds
        self._file = LastKnownFile(Path(fallback_file)) if fallback_file else None
        self._clock = clock
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._guard = threading.Lock()
        self._status = StoreStatus()

    @property
    def status(self) -> StoreStatus:
        """Whether the database answered when it was last asked."""
        return self._status

    def load(self, dataflow: str, which: int | str) -> LoadedPrompts:
        """See PromptSource.load."""
        number = number_in(which)
        key = (dataflow, f"v{number}" if number else str(which))
        with self._guard:
            kept = self._kept.setdefault(key, _Kept())
        known = kept.loaded
        if known and self._clock() < kept.until:
            return known
        # Whoever knows nothing yet waits for the one that asks; the others use what is known.
        if not kept.asking.acquire(blocking=known is None) and known:
            return known
        try:
            if kept.loaded and self._clock() < kept.until:
                return kept.loaded
            if kept.error:
                raise type(kept.error)(str(kept.error))
            return self._asked(key, kept)
        finally:
            kept.asking.release()

    def _asked(self, key: tuple[str, str], kept: _Kept) -> LoadedPrompts:
        try:
            loaded = self._store.load(*key)
        except PromptStoreError as error:
            known = kept.loaded or (self._file.read(*key) if self._file else None)
            if known is None:
                kept.error = error
                with self._guard:
                    self._kept.pop(key, None)
                raise
            self._note_outage(error, known)
            kept.loaded = replace(known, stale=True)
            kept.until = self._clock() + min(self._max_age_seconds, _RETRY_SECONDS)
            return kept.loaded
        self._note_answer()
        kept.loaded = loaded
        kept.until = self._clock() + self._max_age_seconds if loaded.label else float("inf")
        if self._file:
            self._file.keep(key[1], loaded)
        return loaded

    def _note_outage(self, error: PromptStoreError, known: LoadedPrompts) -> None:
        with self._guard:
            is_new = self._status.is_available
            since = datetime.now(UTC) if is_new else self._status.since
            self._status = StoreStatus(False, str(error), since)
        if is_new:
            used = f"v{known.version} of {known.dataflow}, as it was known at {known.fetched_at.isoformat()}"
            _logger.warning("%s; used is %s", error, used)

    def _note_answer(self) -> None:
        with self._guard:
            was_away = not self._status.is_available
            self._status = StoreStatus()
        if was_away:
            _logger.info("the prompt store answers again")
