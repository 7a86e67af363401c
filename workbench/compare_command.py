"""python -m workbench compare."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from workbench import settings
from workbench.command_experiment import experiment_of
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.engine.loading import load_ahead
from workbench.engine.plan import plan_of
from workbench.errors import InputError, UsageError, VersionError, WorkbenchError
from workbench.graphs.sources import versions_of_dataflow
from workbench.history.kept import COMMAND
from workbench.history.places import person, spool
from workbench.history.recorder import Recorder
from workbench.interrupting import on_interrupt
from workbench.models.catalog import endpoint_for
from workbench.reading_ahead import ReadingAhead
from workbench.records import Experiment, Version
from workbench.report import experiment_json, experiment_text, plan_json, progress_line, with_unread


def compare(options: argparse.Namespace, reading: ReadingAhead) -> int:
    """Run the experiment the options describe on these documents and print what it gave; the exit code."""
    try:
        return _compare(options, reading)
    except (UsageError, InputError, VersionError) as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    except WorkbenchError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 1
    finally:
        reading.stop()


def _compare(options: argparse.Namespace, reading: ReadingAhead) -> int:
    versions = versions_of_dataflow(options.dataflow)
    asked = experiment_of(options, versions, ())  # without waiting for the documents: a typing mistake shows at once
    _refuse_bad_target(options.json)
    if reading.live and not options.plan:
        load_ahead(asked.model)
    documents, unread = reading.result()
    experiment = replace(asked, documents=tuple(documents))
    store = CallStore(settings.home() / "calls.db")
    if options.plan:
        return _plan(experiment, versions, store, [error for _, error in unread])
    pool = CallPool(store, options.in_flight)
    with closing(pool):
        recorder = Recorder(spool().add, versions, experiment.dataflow, COMMAND, person())
        job = Job(experiment, versions, pool, endpoint_for(experiment.model), on_run=recorder.record)
        with on_interrupt(job.stop.set):
            job.start()
            _watch(job)
    done = with_unread(job.experiment(), unread)
    if options.json == "-":
        print(json.dumps(experiment_json(done)))
    elif options.json:
        Path(options.json).write_text(json.dumps(experiment_json(done)), encoding="ascii")
    if options.json != "-":
        encoding = sys.stdout.encoding or "utf-8"
        print(experiment_text(done).encode(encoding, "replace").decode(encoding))
    return 0 if all(run.status == "done" for run in done.runs) else 1


def _plan(
    experiment: Experiment, versions: dict[str, Version], store: CallStore, unread: Sequence[WorkbenchError]
) -> int:
    plan = plan_of(experiment, versions, store)
    for error in [*unread, *plan.refused.values()]:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
    print(json.dumps(plan_json(plan)))
    return 1 if unread or plan.refused else 0


def _refuse_bad_target(path: str | None) -> None:
    """Before the run: afterwards all its answers would be lost."""
    if path and path != "-" and (Path(path).is_dir() or not Path(path).parent.is_dir()):
        raise UsageError(f"--json {path} can't be written.", "Name a file in a folder that exists.")


def _watch(job: Job) -> None:
    """Wait for the end, with a progress line on a terminal."""
    while not job.wait(0.1 if sys.stderr.isatty() else None):
        print("\r" + progress_line(job), end="\x1b[K", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + progress_line(job), end="\x1b[K\n", file=sys.stderr)
