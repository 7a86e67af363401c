"""Tests out of promptfoo's test files: variables, assertions, and what defaultTest gives every one of them.

Source: promptfoo, site/docs/configuration, reference.md (Test Case) and guide.md (Default test cases, Multiple
variables in a single test case).
"""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.nouns import TestCase
from workbench.assertions.parsing import number_in, parse_assertions, refuse_unknown
from workbench.assertions.templating import has_template
from workbench.assertions.yaml_text import read_yaml

__all__ = ["TestCase", "load_tests", "parse_tests"]

_FIELDS = ("description", "vars", "assert", "threshold", "metadata")
_DEFAULT_FIELDS = ("vars", "assert", "threshold", "metadata")
_FILE_FIELDS = ("tests", "defaultTest")
_MOST_COMBINATIONS = 1_000
_MOST_TESTS = 10_000


def load_tests(text: str, *, judged: bool = False) -> tuple[TestCase, ...]:
    """The tests of a YAML or JSON file: a list of them, or a mapping with tests and perhaps defaultTest.

    Args:
        text: The file, at most 1 MB of UTF-8.
        judged: Whether models can be asked, so that llm-rubric, select-best and similar can be checked.

    Raises:
        AssertionSyntaxError: The file can't be read, or something in it isn't supported here.
    """
    try:
        loaded = read_yaml(text)
    except ValueError as error:
        raise AssertionSyntaxError("", str(error), "Correct the file, then open it again.") from error
    if isinstance(loaded, list):
        return parse_tests(loaded, judged=judged)
    if not isinstance(loaded, dict):
        hint = "Write a list of tests, or tests: and a list."
        raise AssertionSyntaxError("", "the file is neither a list of tests nor a mapping with tests", hint)
    refuse_unknown(loaded, _FILE_FIELDS, "the file")
    return parse_tests(loaded.get("tests"), loaded.get("defaultTest"), judged=judged)


def parse_tests(value: object, default: object = None, *, judged: bool = False) -> tuple[TestCase, ...]:
    """The tests of a list, in its order; one with lists as variables becomes one test for each combination.

    Args:
        value: What stands under "tests" in a file.
        default: What stands under "defaultTest": variables and metadata a test may replace one by one, a threshold it
            may replace, and assertions that come before its own.
        judged: Whether models can be asked, so that llm-rubric, select-best and similar can be checked.

    Raises:
        AssertionSyntaxError: Something isn't supported here; its message names the place.
    """
    if not isinstance(value, list) or not value:
        raise AssertionSyntaxError("tests", "this is no list of tests", "Write the tests as a list with at least one.")
    base = _parts(default if default is not None else {}, "defaultTest", _DEFAULT_FIELDS, judged)
    tests: list[TestCase] = []
    for position, item in enumerate(value):
        where = f"tests[{position}]"
        tests += _tests(base, _parts(item, where, _FIELDS, judged), where)
        if len(tests) > _MOST_TESTS:
            reason = f"more than {_MOST_TESTS:,} tests up to here"
            raise AssertionSyntaxError(where, reason, "Split the file.")
    return tuple(tests)


def _tests(base: TestCase, own: TestCase, where: str) -> Iterator[TestCase]:
    threshold = base.threshold if own.threshold is None else own.threshold
    assertions, metadata = base.assertions + own.assertions, {**base.metadata, **own.metadata}
    for variables in _combinations({**base.variables, **own.variables}, where):
        yield TestCase(own.description, variables, assertions, threshold, metadata)


def _combinations(variables: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
    """Every choice of one value from each list, the last variable changing first."""
    choices = [value if isinstance(value, list) else [value] for value in variables.values()]
    count = prod(map(len, choices))
    if count > _MOST_COMBINATIONS:
        reason = f"its vars make {count:,} combinations; {_MOST_COMBINATIONS:,} are the most"
        raise AssertionSyntaxError(where, reason, "Shorten the lists.")
    for values in product(*choices):
        yield dict(zip(variables, values, strict=True))


def _parts(item: object, where: str, fields: tuple[str, ...], judged: bool) -> TestCase:
    """What stands in one test, its variables perhaps lists still."""
    if not isinstance(item, dict):
        hint = "Write it as a mapping; tests in other files have to be put into this one."
        raise AssertionSyntaxError(where, "this is no mapping", hint)
    refuse_unknown(item, fields, where)
    description = item.get("description") or ""
    if not isinstance(description, str):
        raise AssertionSyntaxError(where, "its description is no text", "Put the description in quotes.")
    variables = {name: _variable(name, value, where) for name, value in _mapping(item, "vars", where).items()}
    assertions = parse_assertions(item.get("assert"), f"{where}.assert", judged=judged)
    threshold = number_in(item, "threshold", where)
    return TestCase(description, variables, assertions, threshold, _mapping(item, "metadata", where))


def _mapping(item: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    found = item.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        reason = f"its {name} are no mapping of names to values"
        raise AssertionSyntaxError(where, reason, f"Write the {name} as name: value.")
    return found


def _variable(name: str, value: Any, where: str) -> Any:
    place = f"{where}.vars.{ascii(name)[1:-1][:60]}"
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, (str, int, float)):
            reason = "this is no text, number or truth value, and no list of texts"
            raise AssertionSyntaxError(place, reason, "Write it as a text.")
        if isinstance(one, str) and one.startswith(("file://", "package:")):
            raise AssertionSyntaxError(place, "this names a file", "Write the text itself.")
        if isinstance(one, str) and has_template(one):
            reason = "a variable that is a template of other variables is not supported here"
            raise AssertionSyntaxError(place, reason, "Write the text as it is to be.")
    if isinstance(value, list) and not (value and all(isinstance(one, str) for one in value)):
        reason = "a list of variables has at least one value, and texts only"
        raise AssertionSyntaxError(place, reason, "Put each value of the list in quotes.")
    return value
