"""Runs that wait on the disk until they are put into the history: a file each, there whole or not at all."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.history.kept import KeptRun
from workbench.history.texts import to_bytes
from workbench.state.record_json import from_json, to_json

_AT_ONCE = 20
_log = logging.getLogger(__name__)


class Spool:
    """A folder of waiting runs, which processes share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, run: KeptRun) -> None:
        """A run waits from now on."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f"{run.id}.part"
        draft.write_bytes(to_bytes(to_json(run)))
        draft.replace(self._folder / f"{run.id}.json")

    def batches(self) -> Iterator[tuple[list[str], list[KeptRun]]]:
        """Names of files and their runs, the oldest first, some at a time; one that can't be read is set aside."""
        names = sorted(path.name for path in self._folder.glob("*.json")) if self._folder.is_dir() else []
        for start in range(0, len(names), _AT_ONCE):
            found = [(name, run) for name in names[start : start + _AT_ONCE] if (run := self._read(name))]
            if found:
                yield [name for name, _ in found], [run for _, run in found]

    def remove(self, names: Sequence[str]) -> None:
        """These are in the history now."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def _read(self, name: str) -> KeptRun | None:
        path = self._folder / name
        try:
            return from_json(path.read_bytes().decode("utf-8", "surrogatepass"), KeptRun)
        except FileNotFoundError:  # another process took it in
            return None
        except Exception as error:  # noqa: BLE001 cattrs raises groups of whatever was wrong
            _log.warning("%s is no run (%s); it is set aside", name, type(error).__name__)
            path.replace(path.with_suffix(".damaged"))
            return None
