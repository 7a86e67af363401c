"""Everything that happened to the prompts of dataflows, in one line: "what changed on Tuesday"."""

from collections.abc import Mapping
from pathlib import Path

from workbench.errors import HistoryError
from workbench.history.history import History
from workbench.lineage.commit_events import commit_events
from workbench.lineage.events import TimeLine, Told, merged
from workbench.lineage.made_events import export_events, label_events
from workbench.lineage.run_events import run_events
from workbench.prompts import stored
from workbench.records import Version


def time_line(
    versions: Mapping[str, Mapping[str, Version]],
    history: History,
    root: Path,
    since: float = 0.0,
    until: float = 0.0,
    most: int = 500,
) -> TimeLine:
    """Commits, changes of the current version, label moves, exports and first runs, the newest first.

    What can't be asked, git or a database, is told in a note; the others are there.

    Args:
        versions: Dataflow -> label -> version; these dataflows are meant.
        history: Of the project.
        root: The project folder.
        since: Seconds since the epoch; earlier events are left out.
        until: The same for events from then on; 0: there is no end.
        most: Events to give, the newest.
    """
    told = []
    for dataflow, own in versions.items():
        told += [
            commit_events(dataflow, own, root, until),
            export_events(dataflow, own),
            label_events(dataflow, stored.view(dataflow)),
            _runs(history, dataflow, own),
        ]
    return merged(told, since, until, most)


def _runs(history: History, dataflow: str, versions: Mapping[str, Version]) -> Told:
    try:
        with history.reading() as connection:
            return run_events(connection, dataflow, versions)
    except HistoryError as error:
        return Told(notes=(f"First runs are not shown: {error.message}",))
