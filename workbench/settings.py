"""Where the workbench keeps its state and finds its code, and how much room it may take."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench import settings_file
from workbench.errors import UsageError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: dataflows/, prompts/ and samples/ are here."""

SAMPLE = ROOT / "samples" / "street-trees.pdf"
"""The built-in document."""

STORE_MB = range(50, 100 * 1024 + 1)
"""What the limit of kept answers can be set to, in MB of 2**20 bytes."""

_STORE_VARIABLE = "WORKBENCH_STORE_MB"
_PROMPT_STORE = "WORKBENCH_PROMPT_STORE"
_MOST_RECENT = 8


@dataclass(frozen=True)
class StoreLimit:
    """How much room kept answers may take on disk."""

    megabytes: int = 500
    from_environment: bool = False
    """Set by WORKBENCH_STORE_MB, so that nothing else can change it."""

    @property
    def bytes(self) -> int:
        """The same in bytes."""
        return self.megabytes * 2**20


_opened: list[Path] = []


def project(environment: Mapping[str, str] = os.environ) -> Path:
    """The opened project: what open_project was given, else WORKBENCH_PROJECT, else what was chosen before, else this.

    Raises:
        UsageError: WORKBENCH_PROJECT is no folder.
    """
    if not _opened:
        named = environment.get("WORKBENCH_PROJECT", "").strip()
        chosen = named or str(settings_file.read(_base(environment)).get("project") or "")
        try:
            _opened.append(_folder(chosen) if chosen else ROOT)
        except UsageError:
            if named:
                raise
            _opened.append(ROOT)  # it was moved or deleted since
    return _opened[0]


def is_own_project() -> bool:
    """Whether this checkout is the project."""
    return project() == ROOT


def open_project(path: str | Path) -> None:
    """Open another project, for the whole process.

    Raises:
        UsageError: It is no folder.
    """
    _opened[:] = [_folder(str(path))]


def keep_project() -> None:
    """Open this project again at the next start, and name it among those opened before."""
    others = [str(own) for own in recent_projects() if own != project()]
    recent = [str(project()), *others][:_MOST_RECENT]
    settings_file.keep(_base(os.environ), project=str(project()), recent_projects=recent)


def recent_projects() -> tuple[Path, ...]:
    """Projects that were opened before, the last one first; those that are gone are left out."""
    kept = settings_file.read(_base(os.environ)).get("recent_projects")
    named = [Path(own) for own in kept if isinstance(own, str) and "\0" not in own] if isinstance(kept, list) else []
    return tuple(own for own in named if own.is_absolute() and own.is_dir())


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The state folder of the project; made when missing, for its owner only.

    It is WORKBENCH_HOME, or .workbench/ in this checkout; for another project a folder of its own in there, so that
    nothing is written into somebody's repository.
    """
    base = _base(environment)
    if is_own_project():
        return base
    name = re.sub(r"[^A-Za-z0-9_-]", "_", project().name)[:40]
    folder = base / "projects" / f"{name}-{hashlib.sha256(str(project()).encode()).hexdigest()[:8]}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def prompt_store(environment: Mapping[str, str] = os.environ) -> str:
    """Address of the project's prompt store: WORKBENCH_PROMPT_STORE, else a SQLite file in the state folder."""
    return environment.get(_PROMPT_STORE, "").strip() or str(home(environment) / "prompts.db")


def own_prompt_store(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the prompt store is the file in the state folder, which is made with its first version."""
    return not environment.get(_PROMPT_STORE, "").strip()


def _base(environment: Mapping[str, str]) -> Path:
    folder = Path(environment.get("WORKBENCH_HOME") or ROOT / ".workbench").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _folder(text: str) -> Path:
    try:
        path = Path(text).expanduser().resolve()
        if path.is_dir():
            return path
    except (OSError, ValueError, RuntimeError):  # a NUL character, a loop of links, a home that nobody has
        path = Path(text)
    raise UsageError(f"{str(path)[:300]} is no folder.", "Name the folder of a repository.")


def store_limit(folder: Path, environment: Mapping[str, str] = os.environ) -> StoreLimit:
    """The limit in force for a state folder: WORKBENCH_STORE_MB, else what was set on the Settings page, else 500 MB.

    Raises:
        UsageError: WORKBENCH_STORE_MB is no whole number within STORE_MB.
    """
    if text := environment.get(_STORE_VARIABLE):
        if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) in STORE_MB):
            raise UsageError(
                f"{_STORE_VARIABLE} is {text[:40]!r}; it takes whole MB from {STORE_MB[0]} to {STORE_MB[-1]}.",
                "Correct it, or unset it to use the limit of the Settings page.",
            )
        return StoreLimit(int(text), from_environment=True)
    kept = settings_file.read(folder).get("store_mb")
    return StoreLimit(kept) if type(kept) is int and kept in STORE_MB else StoreLimit()


def keep_store_limit(folder: Path, megabytes: int) -> None:
    """Set the limit for all processes that use this state folder; they follow it at once.

    Raises:
        UsageError: It is not within STORE_MB.
    """
    if megabytes not in STORE_MB:
        raise UsageError(f"The limit is {megabytes} MB; it has to be from {STORE_MB[0]} to {STORE_MB[-1]} MB.")
    settings_file.keep(folder, store_mb=megabytes)
