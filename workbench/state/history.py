"""Experiments, kept with everything they gave."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from workbench.records import Experiment, Run
from workbench.state.database import connect
from workbench.state.record_json import from_json, to_json


class History:
    """Experiments in one SQLite file; each belongs to a workspace and is seen by no other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(connect(path)) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS experiment (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, "
                "started_at REAL NOT NULL, record BLOB NOT NULL)"
            )

    def save(self, workspace: str, experiment: Experiment) -> None:
        """Keep an experiment, replacing what was kept under its id; documents are kept by hash, without their text."""
        documents = tuple(replace(document, page_texts=()) for document in experiment.documents)
        record = to_json(replace(experiment, documents=documents)).encode("utf-8", "surrogatepass")
        with closing(connect(self._path)) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO experiment VALUES (?, ?, ?, ?)",
                (experiment.id, workspace, experiment.started_at, record),
            )

    def load(self, workspace: str, experiment_id: str) -> Experiment | None:
        """An experiment of this workspace; runs that were going on when the app ended are marked as stopped."""
        with closing(connect(self._path)) as connection:
            row = connection.execute(
                "SELECT record FROM experiment WHERE id = ? AND workspace = ?", (experiment_id, workspace)
            ).fetchone()
        if row is None:
            return None
        experiment = from_json(row[0].decode("utf-8", "surrogatepass"), Experiment)
        return replace(experiment, runs=tuple(_ended(run) for run in experiment.runs))


def _ended(run: Run) -> Run:
    if run.status not in ("waiting", "running"):
        return run
    message = "The app was closed during this run; what was answered is kept."
    return replace(run, status="stopped", error=("StopError", message), hint="Run again to make the missing calls.")
