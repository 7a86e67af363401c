"""What a dataflow's assertions say of a recorded case."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.assertions.checking import check
from workbench.assertions.nouns import Facts, TestCase
from workbench.cases.record import RecordedCase


@dataclass(frozen=True)
class CaseVerdict:
    """Of all tests that are for the case's document."""

    score: float | None
    """From 0 to 1, the mean over tests; None when no test is for it."""
    failed: tuple[str, ...]
    """A sentence for each assertion that failed."""


def judge(case: RecordedCase, tests: Sequence[TestCase]) -> CaseVerdict:
    """The verdict on the case's output.

    Args:
        case: What came out.
        tests: A test is for all documents, or for the one that its variable "document" names; its other variables
            stand for {{name}} in the values of its assertions.
    """
    scores, failed = [], []
    facts = Facts(case.seconds, case.cost_usd, _finish_reason(case))
    for test in tests:
        if str(test.variables.get("document", case.document.name)) != case.document.name:
            continue
        variables = {name: value for name, value in test.variables.items() if name != "document"}
        verdict = check(case.output, test.assertions, facts, variables, test.threshold)
        scores.append(verdict.score)
        if not verdict.passed:
            label = f"{test.description[:80]}: " if test.description else ""
            results = [result for result in verdict.results if not result.passed]
            failed += [f"{label}{result.assertion.name}: {result.reason}" for result in results]
            failed += [] if results else [f"{label}the score {verdict.score:.3g} is below {test.threshold}"]
    return CaseVerdict(sum(scores) / len(scores) if scores else None, tuple(failed))


def _finish_reason(case: RecordedCase) -> str | None:
    """Of the call that gave the output, told by its text, so that it can be told of a baseline's cases too."""
    answers = list(case.answers.values())
    reasons = {answer.finish_reason for answer in answers if answer.text == case.output}
    reasons = reasons or {answer.finish_reason for answer in answers}
    return reasons.pop() if len(reasons) == 1 else None
