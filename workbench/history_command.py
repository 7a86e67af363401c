"""python -m workbench history and reproduce: who made an output, and making it again."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime

from workbench import settings
from workbench.engine.call_store import CallStore
from workbench.errors import UsageError, WorkbenchError
from workbench.history.finding import MOST_CHARACTERS
from workbench.history.kept import Filters, RunRow
from workbench.history.places import open_history
from workbench.history.reproducing import reproduce


def history(options: argparse.Namespace) -> int:
    """Print runs, or those that made a text; the exit code: 0 found, 1 none, 2 wrong usage."""
    try:
        kept = open_history()
        kept.drain()
        if options.find:
            rows = [match.row for match in kept.makers(_text(options.find))]
        else:
            filters = Filters(text=options.text, version=options.version, status=options.status)
            rows = list(kept.runs(filters, size=options.number).rows)
    except WorkbenchError as error:
        return _refused(error)
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        for row in rows:
            print(_line(row))
        if not rows:
            print("No run is like that.", file=sys.stderr)
    return 0 if rows else 1


def make_again(options: argparse.Namespace) -> int:
    """Make a run again from what is kept; the exit code: 0 the same bytes, 1 not, 2 it can't be made."""
    try:
        kept = open_history()
        kept.drain()
        opened = kept.open(options.run)
        found = reproduce(opened, CallStore(settings.home() / "calls.db").peek)
    except WorkbenchError as error:
        return _refused(error)
    calls = len(found.run.calls)
    print(f"{opened.row.variant} on {opened.row.document_name}: {calls} answers from what is kept, 0 calls made.")
    if not found.is_same_code:
        print(f"The dataflow's code has changed since {opened.row.git_sha[:12] or 'then'}.")
    if found.is_equal:
        print(f"Every value is the same, byte for byte. SHA-256 of the output: {opened.row.output_sha256}")
    else:
        print(f"Other values than then: {', '.join(found.differs)}.")
    if options.output:
        sys.stdout.write(found.run.output.encode("utf-8", "replace").decode("utf-8") + "\n")
    return 0 if found.is_equal else 1


def _line(row: RunRow) -> str:
    at = datetime.fromtimestamp(row.started_at).isoformat(" ", "seconds")
    cost = "price unknown" if row.cost_usd is None else f"${row.cost_usd:.4f}"
    where = row.document_name or row.request_id
    line = f"{row.id}  {at}  {row.status:8} {row.variant:14} {row.model:20} {cost:14} {row.person}  {where}"
    return line.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8")


def _text(given: str) -> str:
    if given != "-":
        return given
    text = sys.stdin.read(MOST_CHARACTERS + 1)
    if not text.strip():
        raise UsageError("Nothing was given on standard input.", "Pipe an answer, or a line of a log.")
    return text


def _refused(error: WorkbenchError) -> int:
    print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
    return 2
