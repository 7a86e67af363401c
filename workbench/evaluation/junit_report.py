"""An evaluation as JUnit XML: a suite for each column, a test for each case."""

import re
from xml.etree import ElementTree

from workbench.evaluation.outcome import Outcome
from workbench.evaluation.rows import Row
from workbench.evaluation.text_report import reasons_of

# Source: XML 1.0, section 2.2: what is no Char can't stand in a document, not even as a reference.
_NO_CHAR = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(outcome: Outcome) -> bytes:
    """The report as a document in UTF-8; a case without an answer is an error, one that wasn't finished is skipped."""
    root = ElementTree.Element("testsuites")
    for column in outcome.matrix.columns:
        suite = ElementTree.SubElement(root, "testsuite", name=_safe(column.label))
        for row in outcome.rows:
            _add(suite, row, column.label, outcome.matrix.dataset.name)
        counts = {name: sum(test.find(name) is not None for test in suite) for name in ("failure", "error", "skipped")}
        suite.attrib |= {
            "tests": str(len(suite)),
            "failures": str(counts["failure"]),
            "errors": str(counts["error"]),
            "skipped": str(counts["skipped"]),
            "time": f"{sum(float(test.get('time', 0)) for test in suite):.3f}",
        }
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _add(suite: ElementTree.Element, row: Row, label: str, dataset: str) -> None:
    entry = row.entries[label]
    seconds = sum(cell.run.seconds for cell in entry.cells if cell.run)
    names = {"classname": _safe(f"{dataset}.{label}"), "name": _safe(row.case.name), "time": f"{seconds:.3f}"}
    test = ElementTree.SubElement(suite, "testcase", names)
    if entry.passed:
        return
    reasons = [_safe(own) for own in reasons_of(row, label)] or ["It was not finished."]
    failed = any(cell.status == "failed" for cell in entry.cells)
    kind = "skipped" if entry.passed is None else "error" if failed else "failure"
    ElementTree.SubElement(test, kind, message=reasons[0]).text = "\n".join(reasons)


def _safe(text: str) -> str:
    return _NO_CHAR.sub("\ufffd", text)
