"""Nothing an output holds raises an error or keeps the gate waiting."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assertion_tables import rows
from workbench.assertions.checking import check
from workbench.assertions.nouns import Facts
from workbench.assertions.parsing import parse_assertions
from workbench.assertions.pattern_search import may_take_long
from workbench.assertions.patterns import translate
from workbench.assertions.schemas import is_heavy

MILLION = 1_000_000
# What needs a process of its own for every output is looked at apart: hypothesis asks hundreds of times.
QUICK = [
    row
    for row in rows("texts", "json", "patterns", "refusals", "measures")
    if not (row.type == "regex" and (row.variables or may_take_long(translate(row.value), 200)))
    and not (row.type.endswith("-json") and is_heavy(row.value, 200))
]
hostile_text = st.text(st.characters(exclude_categories=()), max_size=200) | st.sampled_from(
    ["\x00", "\ud800", "\udfff\ud800", "{" * 200, "[" * 200, '{"a":' * 40, "\u202e", "I’m sorry", "1e999", "\ufeff{}"]
)


def result_of(written, output, facts=None, variables=None):
    return check(output, parse_assertions([written], "assert"), facts or Facts(), variables or {}).results[0]


@settings(max_examples=300)
@given(st.sampled_from(QUICK), hostile_text)
def test_an_assertion_and_its_negation_never_agree(row, output):
    """On any text one of the two passes and the other fails, or both can't be told; their scores make one."""
    plain = result_of(row.written(), output, row.facts, row.variables)
    negated = result_of(row.written(type=f"not-{row.type}"), output, row.facts, row.variables)

    assert plain.checked is negated.checked
    assert (plain.passed is not negated.passed) if plain.checked else not (plain.passed or negated.passed)
    assert plain.score + negated.score == pytest.approx(1.0 if plain.checked else 0.0)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(QUICK), max_size=5), hostile_text, st.none() | st.floats(0, 1), st.data())
def test_any_text_gets_a_verdict(chosen, output, threshold, data):
    """Whatever the output, the facts and the variables are, check gives a verdict with a score from 0 to 1."""
    facts = data.draw(
        st.builds(
            Facts, *(st.none() | st.floats(0, allow_infinity=False, allow_nan=False),) * 2, st.none() | hostile_text
        )
    )
    values = st.text(max_size=9) | st.integers() | st.floats() | st.booleans() | st.none() | st.lists(st.text())
    variables = data.draw(st.dictionaries(st.sampled_from(["name", "word", "x", "p", "n", "w", "r"]), values))

    verdict = check(output, parse_assertions([row.written() for row in chosen], ""), facts, variables, threshold)

    assert 0 <= verdict.score <= 1
    assert len(verdict.results) == len(chosen)


@pytest.mark.parametrize("kind", ["regex", "not-regex"])
def test_a_pattern_that_backtracks_without_end_is_stopped(kind):
    """(a+)+$ on forty a and a b would take years; it is stopped, and fails with "not-" and without."""
    started = time.monotonic()

    result = result_of({"type": kind, "value": "(a+)+$"}, "a" * 40 + "b")

    assert (result.passed, result.checked) == (False, False)
    assert "takes more than 2 seconds" in result.reason
    # Its process may have waited for a busy machine; without the limit it would never end.
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    ("pattern", "chars"),
    [
        ("(a+)+$", 40),
        ("(a|a)*b", 40),
        ("(a{1,9}){1,9}b", 40),
        ("(?:a*)*b", 40),
        ("a*a*a*a*b", 5_000),
        (".*.*=.*", 5_000),
        ("(a|a)" * 30 + "b", 100),
        ("a?" * 30 + "a" * 30, 100),
        ("a{1,9}" * 9, 100),
        ("\\s+$", MILLION),
    ],
)
def test_patterns_that_may_backtrack_get_a_process_of_their_own(pattern, chars):
    """Repeats in repeats, many choices, and endless parts on long texts are seen beforehand."""
    assert may_take_long(translate(pattern), chars)


@pytest.mark.parametrize(
    ("pattern", "chars"), [("\\d{4}", 500_000), ("^The answer is", MILLION), ("\\w+@\\w+", 200), ("(a|b)c?", MILLION)]
)
def test_plain_patterns_are_searched_at_once(pattern, chars):
    """Patterns whose work is bounded need no process."""
    assert not may_take_long(translate(pattern), chars)


def test_a_schema_whose_pattern_backtracks_is_stopped():
    """Patterns inside of schemas have the same limit, however deep they stand."""
    schema = {"not": {"properties": {"a": {"pattern": "^(a+)+$"}}}}
    text = "a" * 40 + "b"

    result = result_of({"type": "is-json", "value": schema}, json.dumps({"a": text}))

    assert not result.checked
    assert "takes more than 2 seconds" in result.reason


@pytest.mark.parametrize("keyword", ["pattern", "patternProperties", "$ref"])
def test_schemas_that_may_take_long_get_a_process_of_their_own(keyword):
    """What takes more than the text is long is seen beforehand, inside of other schemas too."""
    assert is_heavy({"items": [{"not": {keyword: True}}]}, 10)
    assert not is_heavy({"properties": {keyword: {"type": "string"}}}, 10)
    assert is_heavy({"type": "object"}, MILLION)
    assert is_heavy({"uniqueItems": True}, 3_000)


def test_a_schema_that_leads_back_to_itself_can_not_be_told():
    """A reference without end is no error of the gate."""
    result = result_of({"type": "is-json", "value": {"$ref": "#"}}, "{}")

    assert (result.passed, result.checked) == (False, False)


@pytest.mark.parametrize(
    "output",
    [
        "{" * MILLION,
        '{"a":' * (MILLION // 5),
        '{"' * (MILLION // 2),
        "[" * MILLION,
        "\x00" * MILLION,
        "\ud800" * MILLION,
        " " * MILLION,
        "9" * MILLION,
        "sorry " * (MILLION // 6),
        "a-b.c," * (MILLION // 6),
    ],
    ids=["braces", "objects", "names", "brackets", "nul", "surrogates", "blanks", "digits", "sorry", "words"],
)
def test_a_million_characters_are_judged_in_seconds(output):
    """Every type but regex and schemas, which have a limit of their own, takes a second at most on a megabyte."""
    items = [{"type": kind, "value": "needle"} for kind in ("equals", "contains", "icontains", "levenshtein")]
    items += [{"type": kind, "value": ["needle", "pin"]} for kind in ("contains-any", "icontains-all")]
    items += [{"type": kind, "value": "a b"} for kind in ("starts-with", "rouge-n")]
    items += [{"type": kind} for kind in ("is-json", "contains-json", "is-refusal")]
    items += [{"type": "word-count", "value": 3}, {"type": "equals", "value": {"a": 1}}]
    started = time.process_time()

    verdict = check(output, parse_assertions(items, "assert"), Facts(), {})

    assert len(verdict.results) == len(items)
    assert time.process_time() - started < len(items)


def test_edits_between_long_texts_are_counted_up_to_a_limit_of_work():
    """A few edits between two megabytes are counted; as many as there are characters can't be told."""
    text = "ab" * (MILLION // 2)

    near = result_of({"type": "levenshtein", "value": text[1:], "threshold": 5}, text)
    far = result_of({"type": "levenshtein", "value": text[1:], "threshold": MILLION}, text)

    assert (near.passed, near.checked) == (True, True)
    assert (far.passed, far.checked) == (False, False)


def test_variables_that_fill_a_value_without_end_are_refused():
    """A value of more than a million characters after filling can't be told."""
    result = result_of({"type": "contains", "value": "{{x}}" * 1000}, "", variables={"x": "x" * 10_000})

    assert not result.checked
    assert "1,000,000" in result.reason
