"""What modules and the store tell: versions that were exported, and labels that were moved."""

from collections.abc import Iterable, Mapping

from dataflows.prompt_store import LabelMove
from workbench.lineage.events import Event, Told
from workbench.lineage.origins import origin_of
from workbench.prompts.stored import MOST_MOVES, StoreView
from workbench.records import Version


def export_events(dataflow: str, versions: Mapping[str, Version]) -> Told:
    """When versions were exported, as their modules say; those that say nothing, or no date, are left out."""
    events = []
    for label, version in versions.items():
        if (origin := origin_of(version)) and origin.at:
            what = f"{label} exported" + (f" from a draft of {origin.parent}" if origin.parent else "")
            events.append(Event(origin.at, "export", dataflow, what, why=_reason(version), commit=origin.git_sha))
    return Told(tuple(events))


def label_events(dataflow: str, view: StoreView) -> Told:
    """Moves and rollbacks of the store's labels, and versions that were added to it."""
    notes = []
    if view.problem:
        notes.append(f"What happened in the prompt store since it was asked last is not shown: {view.problem}.")
    if len(view.moves) >= MOST_MOVES:
        notes.append(f"Of the store's labels, the newest {MOST_MOVES} moves are shown.")
    added = [
        Event(own.created_at.timestamp(), "stored", dataflow, f"store:v{own.number} added", own.author, own.reason)
        for own in view.versions
    ]
    return Told((*_moves(dataflow, view.moves), *added), tuple(notes))


def _moves(dataflow: str, moves: Iterable[LabelMove]) -> Iterable[Event]:
    for own in moves:
        before = "none" if own.before is None else f"v{own.before}"
        how = " rolled back" if own.undoes else ""
        what = f"store:{own.label}{how} {before} → v{own.after}"
        yield Event(own.at.timestamp(), "label", dataflow, what, own.by, own.why)


def _reason(version: Version) -> str:
    """Why it exists, as the first line of its module says."""
    return version.doc.strip().partition("\n")[0].removeprefix(f"{version.label}: ")
