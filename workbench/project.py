"""The opened project: its dataflows, and where their code and prompts are."""

from collections.abc import Mapping
from pathlib import Path

from dataflows import DATAFLOWS, Dataflow
from workbench import settings
from workbench.errors import UsageError
from workbench.project_convention import found_dataflows
from workbench.project_registry import listed_dataflows
from workbench.project_toml import read


def dataflows() -> Mapping[str, Dataflow]:
    """Name -> dataflow: as workbench.toml says, else as DATAFLOWS of dataflows/__init__.py does, else as found.

    None while workbench.toml makes no sense.
    """
    if settings.is_own_project():
        return DATAFLOWS
    root = settings.project()
    try:
        said = read(root)
    except UsageError:
        return {}
    if said and said[0]:
        return said[0]
    return listed_dataflows(root) or found_dataflows(root, folders())


def problem() -> str:
    """What is wrong with workbench.toml, in a sentence with what to do; empty when nothing is, or there is none."""
    try:
        if not settings.is_own_project():
            read(settings.project())
    except UsageError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def folders() -> tuple[Path, ...]:
    """Where imports of its code start: as workbench.toml says, else src/ where there is one, and the project itself."""
    root = settings.project()
    try:
        said = None if settings.is_own_project() else read(root)
    except UsageError:
        said = None
    named = said[1] if said and said[1] else ("src",)
    return (*(root / own for own in named if (root / own).is_dir() and (root / own) != root), root)


def versions_folder(name: str) -> Path:
    """Where the versions of a dataflow are."""
    own = dataflows().get(name)
    return settings.project() / (own.prompts if own and own.prompts else f"prompts/{name}")
