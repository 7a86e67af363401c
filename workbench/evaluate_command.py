"""python -m workbench evaluate."""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from workbench import settings
from workbench.datasets.failures import DatasetError
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.errors import InputError, UsageError, VersionError, WorkbenchError
from workbench.evaluation.json_report import evaluation_json, plan_json
from workbench.evaluation.junit_report import junit_xml
from workbench.evaluation.outcome import Outcome, outcome_of
from workbench.evaluation.planning import plan_evaluation
from workbench.evaluation.running import Evaluation
from workbench.evaluation.surroundings import Surroundings
from workbench.evaluation.text_report import markdown_report, text_report
from workbench.evaluation.verdict_store import keep_verdicts
from workbench.evaluation_request import Asked, asked_of
from workbench.history.kept import COMMAND
from workbench.history.places import person, spool
from workbench.history.recorder import Recorder
from workbench.interrupting import on_interrupt
from workbench.models.catalog import endpoint_for
from workbench.records import Experiment, Run


def evaluate(options: argparse.Namespace) -> int:
    """Run the evaluation the options describe and report what it gave; the exit code."""
    try:
        return _evaluate(options)
    except (UsageError, InputError, VersionError, DatasetError) as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    except WorkbenchError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 1


def _evaluate(options: argparse.Namespace) -> int:
    for path in (options.json, options.junit, options.markdown):
        _refuse_bad_target(path)
    asked = asked_of(options)
    for note in asked.notes:
        print(f"{note.message} {note.hint}", file=sys.stderr)
    store = CallStore(settings.home() / "calls.db")
    if options.plan:
        return _plan(asked, store)
    recorders = {
        base.model: Recorder(spool().add, asked.versions, base.dataflow, COMMAND, person())
        for base in asked.matrix.bases
    }

    def keep(experiment: Experiment, run: Run) -> None:
        recorders[experiment.model].record(experiment, run)

    pool = CallPool(store, options.in_flight)
    with closing(pool):
        around = Surroundings(asked.versions, pool, endpoint_for, asked.judge, keep, asked.embedding)
        evaluation = Evaluation(asked.matrix, asked.groups, around)
        with on_interrupt(evaluation.stop):
            evaluation.start()
            _watch(evaluation)
    outcome = outcome_of(asked.matrix, evaluation.cells(), options.fail_on, evaluation.seconds)
    keep_verdicts(outcome, asked.versions, settings.home(), person())
    _report(outcome, options)
    return 1 if outcome.failures else 0


def _plan(asked: Asked, store: CallStore) -> int:
    plan = plan_evaluation(asked.groups, asked.matrix.dataset.cases, asked.versions, store)
    errors = [error for _, error in asked.matrix.unread.values()]
    for error in [*errors, *plan.refused.values()]:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
    print(json.dumps(plan_json(plan)))
    return 1 if errors or plan.refused else 0


def _report(outcome: Outcome, options: argparse.Namespace) -> None:
    written: dict[str | None, Callable[[], str]] = {
        options.json: lambda: json.dumps(evaluation_json(outcome)),
        options.junit: lambda: junit_xml(outcome).decode("utf-8"),
        options.markdown: lambda: markdown_report(outcome),
    }
    for path, text in written.items():
        if path and path != "-":
            Path(path).write_text(text(), encoding="utf-8")
    said = written["-"]() if "-" in written else text_report(outcome)
    encoding = sys.stdout.encoding or "utf-8"
    print(said.encode(encoding, "replace").decode(encoding))


def _refuse_bad_target(path: str | None) -> None:
    """Before the run: afterwards all its answers would be lost."""
    if path and path != "-" and (Path(path).is_dir() or not Path(path).parent.is_dir()):
        raise UsageError(f"{path} can't be written.", "Name a file in a folder that exists.")


def _watch(evaluation: Evaluation) -> None:
    """Wait for the end, with a progress line on a terminal."""
    while not evaluation.wait(0.2 if sys.stderr.isatty() else None):
        print("\r" + _progress(evaluation), end="\x1b[K", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + _progress(evaluation), end="\x1b[K\n", file=sys.stderr)


def _progress(evaluation: Evaluation) -> str:
    cells = evaluation.cells()
    outcomes = [cell.passed for cell in cells if cell.ended]
    failed = outcomes.count(False)
    return f"{len(outcomes):,} of {len(cells):,} cells, {outcomes.count(True):,} passed, {failed:,} failed"
