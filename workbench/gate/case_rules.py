"""What must be true of the recorded cases of a version: findings out of what running them again gave."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.cases.record import record_path, tests_path
from workbench.gate.findings import CaseResult, Finding
from workbench.gate.hidden import visible
from workbench.gate.module import PromptModule

_HINTS: Mapping[str, str] = {
    "case-answer": "Run the version on this document, then record its cases anew.",
    "case-failed": "Correct what it names, or record its cases anew.",
    "case-output": "Undo what changed the chain, or record its cases anew and say why in the pull request.",
    "case-duplicate": "Record its cases anew.",
}


def case_findings(module: PromptModule, answer: Mapping[str, Any], *, record_required: bool) -> Iterator[Finding]:
    """What is wrong with the module's record and its cases.

    Args:
        module: Whose they are.
        answer: What came of running it.
        record_required: Whether a version without cases fails.
    """
    path = record_path(module.dataflow, f"v{module.number}")
    if answer["tests"]:
        place = tests_path(module.dataflow)
        yield Finding("tests", "error", place, 1, answer["tests"], f"Correct {place}.")
    for sentence in answer["record"]:
        hint = f"Record the cases of v{module.number} anew."
        yield Finding("record", "error", path, 1, sentence, hint)
    if not answer["cases"] and not answer["record"]:
        message = f"v{module.number} has no recorded cases, so nothing tells whether it works"
        hint = "Run it on your documents, then export it with its cases."
        yield module.finding("no-record", 1, message, hint, level="error" if record_required else "warning")
    for case in answer["cases"]:
        yield from _case(path, case)


def _case(path: str, case: Mapping[str, Any]) -> Iterator[Finding]:
    place = case_name(case["document"], case["repetition"])
    document = case["document"]
    if rule := case["rule"]:
        message = f"{place}: {case['message']}"
        yield Finding(rule, "error", path, 1, message, _HINTS[rule], document=document)
    for sentence in case["failed"]:
        hint = "Change the prompt until it holds, or change the assertion and say why in the pull request."
        yield Finding("assertion", "error", path, 1, f"{place}: {sentence}", hint, document=document)


def case_results(module: PromptModule, answer: Mapping[str, Any]) -> list[CaseResult]:
    """Every recorded case that was run again."""
    path = record_path(module.dataflow, f"v{module.number}")
    return [
        CaseResult(
            path,
            case["document"],
            case["sha256"],
            case["repetition"],
            passed=not case["rule"] and not case["failed"],
            score=case["score"],
        )
        for case in answer["cases"]
    ]


def case_name(document: str, repetition: int) -> str:
    """ "pets.pdf", or "pets.pdf, repetition 2"."""
    return visible(document, 100) + (f", repetition {repetition + 1}" if repetition else "")
