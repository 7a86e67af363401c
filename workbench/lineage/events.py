"""What happened to prompts, each thing with its time: the nouns of the time line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workbench.lineage.times import datable

Kind = Literal["commit", "current", "label", "stored", "export", "draft", "service"]


@dataclass(frozen=True)
class Event:
    """One thing that happened; its texts are whatever people, services and repositories wrote."""

    at: float
    """Seconds since the epoch."""
    kind: Kind
    """ "commit": files of prompts changed; "current": another version came into production by code; "label": one of the
    store was moved; "stored": the store got a version; "export": a version was made; "draft": a draft ran first;
    "service": one used a version first."""
    dataflow: str
    what: str
    """In a few words: "v3 added", "production v1 → v2"."""
    who: str = ""
    why: str = ""
    """A commit's subject, the reason of a move, what a draft was of."""
    commit: str = ""
    """Id of the commit it is in, or was made on."""
    run: str = ""
    """Id of the run it is, for the history."""


@dataclass(frozen=True)
class Told:
    """What one source had to tell."""

    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()
    """What it could not tell, and why; a sentence each."""


@dataclass(frozen=True)
class TimeLine:
    """Events, the newest first."""

    events: tuple[Event, ...]
    notes: tuple[str, ...]
    """What is missing, and why; a sentence each."""
    total: int
    """Events in the span, those beyond the limit too."""


def merged(told: Iterable[Told], since: float = 0.0, until: float = 0.0, most: int = 500) -> TimeLine:
    """One line of what all sources told.

    Args:
        told: By each source.
        since: Seconds since the epoch; earlier events are left out.
        until: The same for events from then on; 0: there is no end.
        most: Events to give, the newest.
    """
    parts: Sequence[Told] = list(told)
    dated = [replace(own, at=datable(own.at)) for part in parts for own in part.events]
    known = [own for own in dated if since <= own.at and (not until or own.at < until)]
    # At the same time, a version was there before it came into production.
    known.sort(key=lambda own: (-own.at, own.kind != "current", own.kind, own.what))
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    return TimeLine(tuple(known[:most]), tuple(notes), len(known))
