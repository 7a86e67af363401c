"""python -m workbench rollback."""

import argparse
import json
import sys
from pathlib import Path

from workbench import settings
from workbench.errors import UsageError, VersionError, WorkbenchError
from workbench.graphs.graph import dataflow_named
from workbench.rollback import roll_back


def rollback(options: argparse.Namespace) -> int:
    """Make the branch and print what it is called; the exit code."""
    try:
        dataflow_named(options.dataflow)
        done = roll_back(settings.project(), options.dataflow, options.version)
    except (UsageError, VersionError) as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except WorkbenchError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 1
    was = f"v{done.before}" if done.before else None
    said = {"branch": done.shipped.branch, "commit": done.shipped.commit, "before": was, "calls": 0}
    if options.json == "-":
        print(json.dumps(said))
        return 0
    if options.json:
        Path(options.json).write_text(json.dumps(said), encoding="ascii")
    print(f"Branch: {done.shipped.branch} (current was {was or 'not named'}; the gate passed with 0 calls)")
    print(f"Push it: git push -u origin {done.shipped.branch}")
    return 0
