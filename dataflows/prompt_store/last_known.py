"""A file that keeps what a prompt store last gave, for a process that starts while the database is away."""

import json
import logging
import os
import tempfile
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from dataflows.prompt_store.records import LoadedPrompts, content_sha256

_SCHEMA = 1
_MOST_BYTES = 50_000_000
_logger = logging.getLogger(__name__)


class LastKnownFile:
    """JSON, replaced as a whole; what can't be read is as good as nothing, and said in the log."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._writing = threading.Lock()
        self._has_failed = False

    def read(self, dataflow: str, which: str) -> LoadedPrompts | None:
        """What was kept under this label or number; None when nothing was, or when it isn't what was written."""
        kept = self._all().get(_key(dataflow, which))
        try:
            if kept is None or kept.pop("content_sha256") != content_sha256(kept["texts"], kept["model"]):
                return None
            return LoadedPrompts(**{**kept, "fetched_at": datetime.fromisoformat(kept["fetched_at"])})
        except (AttributeError, KeyError, TypeError, ValueError):
            _logger.warning("the file of last known prompts %s has an entry that is not ours", self._path)
            return None

    def keep(self, which: str, loaded: LoadedPrompts) -> None:
        """Keep it beside what is there; a disk that can't be written on is logged once and changes nothing."""
        content = content_sha256(loaded.texts, loaded.model)
        entry = {**asdict(loaded), "fetched_at": loaded.fetched_at.isoformat(), "content_sha256": content}
        with self._writing:
            entries = {**self._all(), _key(loaded.dataflow, which): entry}
            try:
                self._replace(json.dumps({"schema": _SCHEMA, "prompts": entries}, ensure_ascii=False, indent=1))
                self._has_failed = False
            except OSError as error:
                if not self._has_failed:
                    _logger.warning("the file of last known prompts %s can't be written: %s", self._path, error)
                self._has_failed = True

    def _all(self) -> dict[str, Any]:
        try:
            with self._path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except OSError:
            return {}
        try:
            read = json.loads(data) if len(data) <= _MOST_BYTES else None
        except (ValueError, RecursionError):
            read = None
        entries = read.get("prompts") if isinstance(read, dict) and read.get("schema") == _SCHEMA else None
        if not isinstance(entries, dict):
            _logger.warning("the file of last known prompts %s can't be read", self._path)
            return {}
        return entries

    def _replace(self, text: str) -> None:
        # A name of its own, as several processes may write at once; the last one wins with a whole file.
        handle, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _key(dataflow: str, which: str) -> str:
    return f"{dataflow}/{which}"
