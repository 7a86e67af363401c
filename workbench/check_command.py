"""python -m workbench check: the prompt gate on the command line."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from workbench import settings
from workbench.errors import UsageError, WorkbenchError
from workbench.gate.findings import GateReport
from workbench.gate.gate import gate
from workbench.gate.text_report import report_json, report_text


def check(options: argparse.Namespace, root: Path = settings.ROOT, env: Mapping[str, str] = os.environ) -> int:
    """Hold the prompts against the rules, print what was found; the exit code: 0 passed, 1 failed, 2 wrong usage."""
    try:
        for path in (options.json, options.junit):
            _refuse_bad_target(path)
        report = gate(
            root,
            [_place(path, root) for path in options.paths],
            options.baseline,
            options.tolerance,
            prompt_tokens=options.prompt_tokens,
            require_record=options.require_record,
            evidence=options.evidence,
            run=not options.static,
        )
    except WorkbenchError as error:
        _print(f"{error.message} {error.hint}".strip(), to_error=True)
        return 2
    _write(report, options, env)
    return 0 if report.passed else 1


def _place(path: str, root: Path) -> Path:
    """As a person means it: from the folder they are in, else from the project."""
    here = Path(path).absolute()
    return here if here.exists() else root / path


def _refuse_bad_target(path: str | None) -> None:
    if path and path != "-" and (Path(path).is_dir() or not Path(path).parent.is_dir()):
        raise UsageError(f"{path} can't be written.", "Name a file in a folder that exists.")


def _write(report: GateReport, options: argparse.Namespace, env: Mapping[str, str]) -> None:
    if options.junit:
        from workbench.gate.junit_report import junit_xml

        Path(options.junit).write_bytes(junit_xml(report))
    only_json = options.json == "-"
    if only_json:
        _print(json.dumps(report_json(report)))
    else:
        _print(report_text(report))
        if options.json:
            Path(options.json).write_text(json.dumps(report_json(report)), encoding="ascii")
    if options.github:
        from workbench.gate.github_report import annotations, summary

        if report.findings:
            _print(annotations(report), to_error=only_json)
        if target := env.get("GITHUB_STEP_SUMMARY"):
            with Path(target).open("a", encoding="utf-8", newline="\n") as file:
                file.write(summary(report))


def _print(text: str, *, to_error: bool = False) -> None:
    stream = sys.stderr if to_error else sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(text.rstrip("\n").encode(encoding, "replace").decode(encoding) + "\n")
