"""What the gate found, as JUnit XML: a test for each rule of each file, and one for each recorded case."""

import re
from collections import defaultdict
from xml.etree import ElementTree

from workbench.gate.case_rules import case_name
from workbench.gate.findings import RULES, Finding, GateReport
from workbench.gate.text_report import finding_line

# Source: XML 1.0, section 2.2: what is no Char can't stand in a document, not even as a reference.
_NO_CHAR = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(report: GateReport) -> bytes:
    """The report as a document in UTF-8; files with findings that are no modules have tests for these rules only."""
    found: dict[tuple[str, str], list[Finding]] = {(path, rule): [] for path in report.files for rule in RULES}
    of_case: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found.setdefault((finding.path, finding.rule), []).append(finding)
        of_case[finding.path, finding.document].append(finding)
    suite = ElementTree.Element("testsuite", name="prompt gate")
    told = {(own.path, "evidence"): "\n".join(own.sentences) for own in report.evidence}
    for (path, rule), findings in found.items():
        _add(suite, path, rule, findings, told=told.get((path, rule), ""))
    for case in report.cases:
        failures = [] if case.passed else of_case[case.path, case.document]
        _add(suite, case.path, f"case {case_name(case.document, case.repetition)}", failures, failed=not case.passed)
    failed = sum(test.find("failure") is not None for test in suite)
    suite.attrib |= {
        "tests": str(len(suite)),
        "failures": str(failed),
        "errors": "0",
        "skipped": "0",
        "time": f"{report.seconds:.3f}",
    }
    root = ElementTree.Element("testsuites")
    root.append(suite)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _add(
    suite: ElementTree.Element,
    path: str,
    name: str,
    findings: list[Finding],
    *,
    failed: bool | None = None,
    told: str = "",
) -> None:
    test = ElementTree.SubElement(suite, "testcase", classname=_safe(path), name=_safe(name), time="0")
    errors = [finding for finding in findings if finding.level == "error"]
    lines = [f"{finding_line(finding)} {finding.hint}".strip() for finding in errors or findings]
    words = "\n".join([*lines, told] if told else lines)
    if failed or (failed is None and errors):
        message = errors[0].message if errors else name
        ElementTree.SubElement(test, "failure", message=_safe(message)).text = _safe(words)
    elif words:
        ElementTree.SubElement(test, "system-out").text = _safe(words)


def _safe(text: str) -> str:
    return _NO_CHAR.sub("\ufffd", text)
