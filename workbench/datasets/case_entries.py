"""Cases out of loaded YAML: the entries under "cases"; what isn't known is refused by its place."""

from collections.abc import Mapping
from typing import Any

from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.parsing import number_in, parse_assertions, refuse_unknown
from workbench.datasets.nouns import Case

MOST_CASES = 10_000
_FIELDS = ("name", "document", "inputs", "tags", "threshold", "assert")
MOST_TAGS = 20
LONGEST_TAG = 60
LONGEST_NAME = 200


def cases_in(entries: object) -> list[Case]:
    """What stands under "cases", in its order; lines are not known yet.

    Raises:
        AssertionSyntaxError: An entry is not as it has to be; its place is "cases[3].assert[0]".
    """
    if not isinstance(entries, list):
        raise AssertionSyntaxError("cases", "this is no list of cases", "Write the cases as a list.")
    if len(entries) > MOST_CASES:
        reason = f"a list of {len(entries):,} cases; {MOST_CASES:,} are the most"
        raise AssertionSyntaxError("cases", reason, "Split the dataset.")
    cases = [case_in(entry, f"cases[{position}]") for position, entry in enumerate(entries)]
    seen: dict[str, int] = {}
    for position, case in enumerate(cases):
        if case.name in seen:
            reason = f"the name {case.name[:80]!a} is that of the case {seen[case.name] + 1}, too"
            raise AssertionSyntaxError(f"cases[{position}]", reason, "Give each case a name of its own.")
        seen[case.name] = position
    return cases


def case_in(entry: object, where: str) -> Case:
    """One entry as a case.

    Raises:
        AssertionSyntaxError: It is not as it has to be.
    """
    if not isinstance(entry, dict):
        raise AssertionSyntaxError(where, "this is no mapping", "Write the case as name:, document: and assert:.")
    refuse_unknown(entry, _FIELDS, where)
    assertions = parse_assertions(entry.get("assert"), f"{where}.assert", judged=True)
    threshold = number_in(entry, "threshold", where)
    document = entry.get("document") or ""
    if not isinstance(document, str) or len(document) > 1_000 or not document.isprintable():
        raise AssertionSyntaxError(where, "its document is no path", "Name a file beside the dataset.")
    return Case(_name(entry, where), document, _inputs(entry, where), assertions, threshold, _tags(entry, where))


def _name(entry: Mapping[str, Any], where: str) -> str:
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        reason = f"it has no name, or one that is no single line of at most {LONGEST_NAME} characters"
        raise AssertionSyntaxError(where, reason, "Give the case a name.")
    return name


def _inputs(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    inputs = entry.get("inputs") or {}
    if not isinstance(inputs, dict) or not all(isinstance(name, str) for name in inputs):
        raise AssertionSyntaxError(where, "its inputs are no mapping", "Write the inputs as name: value.")
    for name, value in inputs.items():
        if not isinstance(value, (str, int, float)):
            place = f"{where}.inputs.{ascii(name)[1:-1][:60]}"
            raise AssertionSyntaxError(place, "this is no text, number or truth value", "Write it as a text.")
    return dict(inputs)


def _tags(entry: Mapping[str, Any], where: str) -> tuple[str, ...]:
    tags = entry.get("tags") or []
    fits = isinstance(tags, list) and len(tags) <= MOST_TAGS
    if not fits or not all(isinstance(tag, str) and tag.isprintable() and 0 < len(tag) <= LONGEST_TAG for tag in tags):
        reason = f"its tags are no list of at most {MOST_TAGS} texts of at most {LONGEST_TAG} characters"
        raise AssertionSyntaxError(where, reason, "Write tags: [short, english].")
    return tuple(dict.fromkeys(tags))
