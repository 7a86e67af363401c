"""What a version's module says of its own origin, as values that can be relied on; and which version it follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from workbench.errors import VersionError
from workbench.lineage.times import datable
from workbench.prompts.provenance import Provenance, edited_after_export, read_provenance
from workbench.records import Version

_LONGEST = 200


@dataclass(frozen=True)
class Origin:
    """Where a version was exported from."""

    parent: str
    """Label of the version it was edited from; as it is written, which may be of none."""
    at: float
    """When, in seconds since the epoch; 0 where no date can be read."""
    git_sha: str = ""
    """The commit it was edited on."""
    git_dirty: bool = False
    models: tuple[str, ...] = ()
    runs: int = 0
    """It was judged on."""
    edited: str = ""
    """What was edited since, as the end of a sentence."""


def origin_of(version: Version) -> Origin | None:
    """What the module says; None where it says nothing, or nothing that can be read.

    The module is a file that anyone may have written: what has the wrong type counts as not said.
    """
    return _said(version.source) if version.origin == "module" else None


def parent_label(version: Version, versions: Mapping[str, Version]) -> str:
    """The version that another one follows: by its provenance, else the one before it from the same source.

    Args:
        version: One of the versions.
        versions: Label -> version, in their order.

    Returns:
        Its label; empty for the first.
    """
    origin = origin_of(version)
    if origin and origin.parent in versions and origin.parent != version.label:
        return origin.parent
    family = [label for label, other in versions.items() if _family(other) == _family(version)]
    if number := _number(version):
        lower = {label: own for label in family if 0 < (own := _number(versions[label])) < number}
        return max(lower, key=lower.__getitem__, default="")
    place = family.index(version.label) if version.label in family else 0
    return family[place - 1] if place else ""


def _family(version: Version) -> str:
    """Versions of one are numbered together; a config's stand beside the dataflow's own."""
    return version.origin if version.origin in ("store", "module") else "code"


def _number(version: Version) -> int:
    """0 where only the order they stand in tells."""
    return version.stored if version.origin == "store" else version.number


@lru_cache(maxsize=512)
def _said(source: str) -> Origin | None:
    """Kept, since a page asks for all versions, and parsing one takes milliseconds."""
    try:
        said = read_provenance(source)
        return _origin(said, edited_after_export(source)) if said else None
    except VersionError:
        return None


def _origin(said: Provenance, edited: str) -> Origin:
    names = said.models if isinstance(said.models, tuple) else ()
    return Origin(
        parent=_text(said.parent),
        at=_seconds(said.date),
        git_sha=_text(said.git_sha),
        git_dirty=said.git_dirty is True,
        models=tuple(_text(own) for own in names if isinstance(own, str))[:20],
        runs=said.runs if isinstance(said.runs, int) else 0,
        edited=edited,
    )


def _text(said: object) -> str:
    return said[:_LONGEST] if isinstance(said, str) else ""


def _seconds(said: object) -> float:
    """Of an ISO 8601 text, in UTC unless it says otherwise."""
    if not isinstance(said, str):
        return 0.0
    try:
        at = datetime.fromisoformat(said)
        return datable((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0.0
