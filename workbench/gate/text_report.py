"""What the gate found, as text for a terminal and as JSON for programs."""

from dataclasses import asdict
from itertools import groupby
from typing import Any

from workbench.gate.findings import Finding, GateReport, VersionEvidence
from workbench.gate.hidden import visible

LONGEST_SENTENCE = 2_500
"""Characters of a piece of evidence that are shown."""


def report_text(report: GateReport) -> str:
    """Every finding by file, with what to do, and a closing line with the counts."""
    parts = []
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        parts.append("\n".join([visible(path), *map(_lines, findings), ""]))
    parts += [f"{visible(own.path)}: evidence\n{_sentences(own)}\n" for own in report.evidence]
    return "\n".join([*parts, closing_line(report)])


def finding_line(finding: Finding) -> str:
    """ "prompts/summarization/prompts_v2.py:7: error slot-unknown: ..."."""
    place = f"{visible(finding.path)}:{finding.line}"
    return f"{place}: {finding.level} {finding.rule}: {visible(finding.message)}"


def closing_line(report: GateReport) -> str:
    """The verdict with its counts."""
    if report.note:
        return f"Passed: {visible(report.note)}; {report.calls} calls made."
    counts = [
        _count(len(report.files), "module"),
        _count(len(report.cases), "recorded case"),
        _count(report.errors, "error"),
        _count(report.warnings, "warning"),
        f"{report.calls} calls made",
    ]
    return f"{'Passed' if report.passed else 'Failed'}: {', '.join(counts)} in {report.seconds:.1f} s."


def report_json(report: GateReport) -> dict[str, Any]:
    """The form that `check --json` writes; plain JSON values."""
    return {
        "passed": report.passed,
        "note": report.note,
        "files": list(report.files),
        "findings": [asdict(finding) for finding in report.findings],
        "cases": [asdict(case) for case in report.cases],
        "evidence": [asdict(own) for own in report.evidence],
        "calls": report.calls,
        "seconds": report.seconds,
    }


def _sentences(own: VersionEvidence) -> str:
    return "\n".join(f"  {visible(sentence, LONGEST_SENTENCE)}" for sentence in own.sentences)


def _lines(finding: Finding) -> str:
    hint = f"\n    {visible(finding.hint)}" if finding.hint else ""
    return f"  {finding_line(finding)}{hint}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
