"""Experiments, kept with everything they gave."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from workbench.records import Experiment, Run
from workbench.state.database import connect
from workbench.state.processes import Processes
from workbench.state.record_json import from_json, to_json


class Experiments:
    """Experiments in one SQLite file; each belongs to a workspace and is seen by no other.

    Args:
        path: The file.
        processes: Of its state folder; an experiment that goes on is kept with the name of this one.
    """

    def __init__(self, path: Path, processes: Processes) -> None:
        self._path, self._processes = path, processes
        with closing(connect(path)) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS experiment (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, "
                "started_at REAL NOT NULL, record BLOB NOT NULL)"
            )
            connection.execute(
                "CREATE TABLE IF NOT EXISTS going (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, process TEXT NOT NULL)"
            )

    def save(self, workspace: str, experiment: Experiment) -> None:
        """Keep an experiment, replacing what was kept under its id; documents are kept by hash, without their text.

        While one of its runs is waiting or running, it counts as going on in this process.
        """
        documents = tuple(replace(document, page_texts=()) for document in experiment.documents)
        record = to_json(replace(experiment, documents=documents)).encode("utf-8", "surrogatepass")
        with closing(connect(self._path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                connection.execute(
                    "INSERT OR REPLACE INTO experiment VALUES (?, ?, ?, ?)",
                    (experiment.id, workspace, experiment.started_at, record),
                )
                if any(map(_goes_on, experiment.runs)):
                    going = (experiment.id, workspace, self._processes.name())
                    connection.execute("INSERT OR REPLACE INTO going VALUES (?, ?, ?)", going)
                else:
                    connection.execute("DELETE FROM going WHERE id = ?", (experiment.id,))

    def load(self, workspace: str, experiment_id: str) -> Experiment | None:
        """An experiment of this workspace; runs that were going on when their process ended are marked as stopped."""
        with closing(connect(self._path)) as connection:
            row = connection.execute(
                "SELECT record FROM experiment WHERE id = ? AND workspace = ?", (experiment_id, workspace)
            ).fetchone()
        if row is None:
            return None
        experiment = from_json(row[0].decode("utf-8", "surrogatepass"), Experiment)
        return replace(experiment, runs=tuple(map(_ended, experiment.runs)))

    def interrupted(self, workspace: str) -> list[Experiment]:
        """Experiments of this workspace that were going on in a process that is gone, the newest first."""
        with closing(connect(self._path)) as connection:
            rows = connection.execute("SELECT id, process FROM going WHERE workspace = ?", (workspace,)).fetchall()
        gone = [experiment_id for experiment_id, process in rows if not self._processes.lives(process)]
        found = [experiment for own in gone if (experiment := self.load(workspace, own))]
        return sorted(found, key=lambda experiment: -experiment.started_at)

    def left_behind(self) -> list[Experiment]:
        """Experiments of all workspaces that were going on in a process that is gone."""
        with closing(connect(self._path)) as connection:
            rows = connection.execute("SELECT id, workspace, process FROM going").fetchall()
        gone = [(workspace, own) for own, workspace, process in rows if not self._processes.lives(process)]
        return [experiment for workspace, own in gone if (experiment := self.load(workspace, own))]

    def dismiss(self, workspace: str, experiment_id: str) -> None:
        """An interrupted experiment is not to be listed any more; what it has stays."""
        with closing(connect(self._path)) as connection:
            connection.execute("DELETE FROM going WHERE id = ? AND workspace = ?", (experiment_id, workspace))


def _goes_on(run: Run) -> bool:
    return run.status in ("waiting", "running")


def _ended(run: Run) -> Run:
    if not _goes_on(run):
        return run
    message = "The app was closed during this run; what was answered is kept."
    return replace(run, status="stopped", error=("StopError", message), hint="Resume it to make the missing calls.")
