"""Numbered versions of a dataflow's prompts, each a full set that never changes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dataflows.prompt_store import checks, rows
from dataflows.prompt_store.database import Run, database_at
from dataflows.prompt_store.records import (
    LoadedPrompts,
    PromptSource,
    StoredVersion,
    UnknownVersionError,
    content_sha256,
)


class VersionStore(PromptSource):
    """The versions of a store, see PromptStore, which adds labels."""

    def __init__(self, url: str | Path) -> None:
        self._database = database_at(url)

    @property
    def place(self) -> str:
        """Where it is, for people; without a password."""
        return self._database.place

    def add_version(
        self,
        dataflow: str,
        texts: Mapping[str, str],
        *,
        reason: str,
        author: str = "",
        model: Mapping[str, Any] | None = None,
        source: str = "",
    ) -> int:
        """The number of the new version; of the one that is there where texts and model are the same.

        Args:
            dataflow: Its name.
            texts: All of its prompts: name -> template, parameters filled, {slots} of the dataflow left.
            reason: Why this version exists.
            author: Free text; nothing is taken from the machine.
            model: Name and settings of the model it is for, plain values; never a key.
            source: Where the texts came from.

        Raises:
            PromptStoreError: A name, text or setting can't be stored.
        """
        pinned = dict(model or {})
        checks.check_name("dataflow", dataflow)
        checks.check_prompts(texts)
        checks.check_model(pinned)
        checks.check_remark("the reason", reason, required=True)
        checks.check_remark("the author", author)
        checks.check_remark("the source", source)
        content = content_sha256(texts, pinned)
        with self._database.writing() as run:
            self._database.migrate(run)
            if (same := rows.number_of(run, dataflow, content)) is not None:
                return same
            number = rows.last_number(run, dataflow) + 1
            made = StoredVersion(dataflow, number, dict(texts), reason, author, pinned, source, now())
            rows.insert_version(run, made)
            return number

    def dataflows(self) -> list[str]:
        """Names of the dataflows that have versions, sorted."""
        with self._database.reading() as run:
            return rows.dataflows(run) if self._database.schema(run) else []

    def versions(self, dataflow: str) -> list[StoredVersion]:
        """All versions, by rising number."""
        with self._database.reading() as run:
            return rows.versions(run, dataflow) if self._database.schema(run) else []

    def version(self, dataflow: str, which: int | str) -> StoredVersion:
        """One version by its number (2, "2", "v2") or by a label.

        Raises:
            UnknownVersionError: There is none.
        """
        with self._database.reading() as run:
            return self._found(run, dataflow, which)

    def load(self, dataflow: str, which: int | str) -> LoadedPrompts:
        """See PromptSource.load; the database is asked each time, CachedStore asks less often."""
        found = self.version(dataflow, which)
        label = "" if checks.number_in(which) else str(which)
        return LoadedPrompts(dataflow, found.number, label, found.texts, found.model, now())

    def _found(self, run: Run, dataflow: str, which: int | str) -> StoredVersion:
        number = checks.number_in(which)
        is_there = self._database.schema(run) > 0
        if number is None and is_there:
            number = rows.labels(run, dataflow).get(str(which))
        found = rows.version(run, dataflow, number) if number and is_there else None
        if found is None:
            kind = "version" if checks.number_in(which) else "label"
            message = f"the prompt store {self.place} has no {kind} {str(which)[:80]!a} of {dataflow[:80]!a}"
            raise UnknownVersionError(message)
        return found


def now() -> datetime:
    """The time in UTC, as it is stored."""
    return datetime.now(UTC)
