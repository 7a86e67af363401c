"""promptfoo's tests as cases."""

from collections import Counter
from collections.abc import Mapping
from math import prod
from typing import Any

from workbench.assertions.cases import parse_tests
from workbench.datasets.case_entries import LONGEST_NAME, LONGEST_TAG, MOST_TAGS
from workbench.datasets.nouns import Case

DOCUMENT = "document"
"""The variable of a test that names its document."""


def cases_of_tests(tests: object, default: object) -> tuple[list[Case], list[int]]:
    """promptfoo's tests as cases: vars are inputs, the one called "document" is the document, metadata are tags.

    Args:
        tests: What stands under "tests".
        default: What stands under "defaultTest".

    Returns:
        The cases, and for each its position among the tests: one with lists as variables makes several cases.

    Raises:
        AssertionSyntaxError: Something isn't supported here.
    """
    parsed = parse_tests(tests, default, judged=True)
    positions = [position for position, test in enumerate(_listed(tests)) for _ in range(_combinations(test, default))]
    wanted = [_wanted_name(test.description, own) for test, own in zip(parsed, positions, strict=True)]
    names = _unique(wanted)
    cases = []
    for test, name in zip(parsed, names, strict=True):
        inputs = {key: value for key, value in test.variables.items() if key != DOCUMENT}
        document = str(test.variables.get(DOCUMENT, ""))
        tags = _metadata_tags(test.metadata)
        cases.append(Case(name, document, inputs, test.assertions, test.threshold, tags))
    return cases, positions


def _wanted_name(description: str, position: int) -> str:
    return " ".join(description.split())[: LONGEST_NAME - 10] or f"test {position + 1}"


def _listed(tests: object) -> list[Any]:
    return tests if isinstance(tests, list) else []


def _combinations(test: Mapping[str, Any], default: object) -> int:
    inherited = (default.get("vars") or {}) if isinstance(default, dict) else {}
    variables = {**inherited, **(test.get("vars") or {})}
    return prod(len(value) for value in variables.values() if isinstance(value, list))


def _unique(names: list[str]) -> list[str]:
    """The names, those that stand several times numbered."""
    count, seen, taken = Counter(names), Counter[str](), set(names)
    unique = []
    for name in names:
        own = name
        while count[name] > 1 and own in taken:
            seen[name] += 1
            own = f"{name} ({seen[name]})"
        taken.add(own)
        unique.append(own)
    return unique


def _metadata_tags(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    tags = []
    for name, value in metadata.items():
        own = value if isinstance(value, list) else [value]
        tags += [str(one) if name == "tags" else f"{name}={one}" for one in own if isinstance(one, (str, int, float))]
    return tuple(dict.fromkeys(tag[:LONGEST_TAG] for tag in tags))[:MOST_TAGS]
