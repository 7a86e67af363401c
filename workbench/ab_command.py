"""python -m workbench ab: A/B tests in a running service, and what came of them."""

import argparse
import json
import sys

from dataflows.ab import ABTestError, ABTests, ABTestsUnavailableError
from workbench.ab.figures import read_figures
from workbench.ab.json_report import report_json, test_json
from workbench.ab.place import open_tests, tests_address
from workbench.ab.text_report import list_text, report_text
from workbench.ab.verdict import verdict_of


def ab(options: argparse.Namespace) -> int:
    """List the tests, or show one; the exit code: 0 shown, 1 there is none, 2 the database can't be asked."""
    tests = open_tests(tests_address())
    try:
        said = _listed(tests, as_json=options.json) if options.action == "list" else _shown(tests, options)
    except ABTestError as error:
        hint = " Start the database, or correct DATABASE_URL." if isinstance(error, ABTestsUnavailableError) else ""
        print(f"{str(error)[:1].upper()}{str(error)[1:]}.{hint}", file=sys.stderr)
        return 2
    if not said:
        print("There is no A/B test; describe one on the page A/B test.", file=sys.stderr)
        return 1
    encoding = sys.stdout.encoding or "utf-8"
    print(said.encode(encoding, "replace").decode(encoding))
    return 0


def _listed(tests: ABTests, *, as_json: bool) -> str:
    known = tests.all()
    if as_json:
        return json.dumps([test_json(own) for own in known])
    return list_text(known) if known else ""


def _shown(tests: ABTests, options: argparse.Namespace) -> str:
    test = tests.current(options.name)
    figures = read_figures(tests, test)
    verdict = verdict_of(test, figures)
    return json.dumps(report_json(test, figures, verdict)) if options.json else report_text(test, figures, verdict)
