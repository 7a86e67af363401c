"""The verdict on an output: each assertion's result, and the weighted mean of their scores.

Source: promptfoo, src/assertions/index.ts and assertionsResult.ts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.assertions.answers import ANSWERS
from workbench.assertions.findings import Finding, Question, unknown
from workbench.assertions.nouns import Assertion, Facts, Result, Verdict
from workbench.assertions.templating import UnfilledError, fill
from workbench.assertions.texts import cut, text_of
from workbench.assertions.values import NO_VALUE, refuse_bad_value
from workbench.assertions.vocabulary import ASKED, SET

__all__ = ["Facts", "Judge", "Result", "Verdict", "check"]

Judge = Callable[[Question], Finding]
"""Asks a model about an output."""


@dataclass(frozen=True)
class _Asked:
    """All that an assertion is held against."""

    output: str
    facts: Facts
    variables: Mapping[str, Any]
    judge: Judge | None


def check(
    output: str,
    assertions: Sequence[Assertion],
    facts: Facts,
    variables: Mapping[str, Any],
    threshold: float | None = None,
    judge: Judge | None = None,
) -> Verdict:
    """What came of the assertions; nothing an output holds raises an error.

    Args:
        output: Any text.
        assertions: Of parse_assertions, or built from supported types.
        facts: What is known of the run; an assertion on what isn't known fails, and so does its negation.
        variables: What {{name}} stands for in values: texts, numbers and truth values.
        threshold: None: every assertion with a weight has to pass. Else the score has to reach it, and every
            assertion with a weight has to be one that could be looked at.
        judge: Answers what needs a model; without one that can't be told.
    """
    asked = _Asked(output, facts, variables, judge)
    return _verdict([_result(assertion, asked) for assertion in assertions], threshold)


def _verdict(results: list[Result], threshold: float | None) -> Verdict:
    score, weights = 0.0, 0.0
    # Added one by one like promptfoo does: sum() of floats is another sum from Python 3.12 on.
    for result in results:
        score += result.score * result.assertion.weight
        weights += result.assertion.weight
    score = 1.0 if not results else score / weights if weights else 0.0
    counted = [result for result in results if result.assertion.weight > 0]
    passed = all(result.passed for result in counted)
    if threshold is not None and results:
        passed = score >= threshold and all(result.checked for result in counted)
    return Verdict(passed, score, tuple(results))


def _result(assertion: Assertion, asked: _Asked) -> Result:
    if assertion.type == SET:
        return _set_result(assertion, asked)
    found = _find(assertion, asked)
    passed = found.holds is not None and found.holds != assertion.negated
    score = 1.0 if passed else 0.0
    if found.score is not None:
        score = 1 - found.score if assertion.negated else found.score
    reason = cut(f"{assertion.name}: {found.said}.")
    return Result(assertion, passed or not assertion.weight, score, reason, found.holds is not None)


def _find(assertion: Assertion, asked: _Asked) -> Finding:
    try:
        value = fill(assertion.value, asked.variables)
        if assertion.type not in NO_VALUE:
            refuse_bad_value(assertion.type, value)
        question = Question(assertion.type, value, assertion.threshold, asked.output, asked.facts)
        if assertion.type in ASKED:
            return asked.judge(question) if asked.judge else unknown("there is no model to ask")
        return ANSWERS[assertion.type](question)
    except (UnfilledError, ValueError) as error:
        return unknown(str(error))
    except RecursionError:
        return unknown("it is nested too deep to be looked at")


def _set_result(assertion: Assertion, asked: _Asked) -> Result:
    members = [_result(member, asked) for member in assertion.members]
    verdict = _verdict(members, assertion.threshold)
    checked = all(member.checked for member in members if member.assertion.weight > 0)
    failed = next((member.reason for member in members if not member.passed), "")
    passing = f"{sum(member.passed for member in members)} of {len(members)} passed"
    limit = "" if assertion.threshold is None else f", the limit is {text_of(assertion.threshold)}"
    reason = cut(f"{assertion.name}: {passing}, the score is {verdict.score:.2f}{limit}. {failed}".rstrip())
    return Result(assertion, verdict.passed or not assertion.weight, verdict.score, reason, checked, tuple(members))
