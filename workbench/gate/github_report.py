"""What the gate found, for GitHub: annotations at the lines, and a summary in Markdown."""

from workbench.export.markdown import cell, quiet
from workbench.gate.findings import Finding, GateReport
from workbench.gate.hidden import visible
from workbench.gate.text_report import LONGEST_SENTENCE, closing_line

_MOST_ROWS = 200
"""GitHub cuts a summary of over 1 MiB away as a whole."""


def annotations(report: GateReport) -> str:
    """A workflow command for each finding, a line each; empty when there is none.

    Source: GitHub's documentation of workflow commands, and the runner's own escapes: %, CR and LF in the message; in
    properties also : and ,.
    """
    return "".join(f"{_annotation(finding)}\n" for finding in report.findings)


def summary(report: GateReport) -> str:
    """The report as Markdown; what comes from prompts, documents and models can't ping, link or leave its cell."""
    head = f"## Prompt gate: {'passed' if report.passed else 'failed'}\n\n{quiet(closing_line(report))}\n"
    head += _evidence(report)
    if not report.findings:
        return head
    rows = [_row(finding) for finding in report.findings[:_MOST_ROWS]]
    left_out = len(report.findings) - len(rows)
    rest = f"\n{left_out} more findings are in the log.\n" if left_out else ""
    return f"{head}\n| | Rule | Where | What | To do |\n|---|---|---|---|---|\n{''.join(rows)}{rest}"


def _evidence(report: GateReport) -> str:
    told = [(own.path, sentence) for own in report.evidence for sentence in own.sentences]
    lines = [f"- {quiet(path)}: {quiet(sentence, LONGEST_SENTENCE)}\n" for path, sentence in told[:_MOST_ROWS]]
    return f"\n### Evidence\n\n{''.join(lines)}" if lines else ""


def _row(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}"
    cells = [finding.level, finding.rule, *(cell(text, 300) for text in (place, finding.message, finding.hint))]
    return f"| {' | '.join(cells)} |\n"


def _annotation(finding: Finding) -> str:
    properties = {"file": finding.path, "line": str(finding.line), "title": finding.rule}
    shown = ",".join(f"{name}={_property(visible(value))}" for name, value in properties.items())
    return f"::{finding.level} {shown}::{_message(visible(f'{finding.message} {finding.hint}'.strip()))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
