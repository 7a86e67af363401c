"""What is refused when assertions are read: by name, with its place and its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assertion_tables import rows, table
from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.nouns import Assertion
from workbench.assertions.parsing import parse_assertions
from workbench.assertions.vocabulary import REFUSED, SUPPORTED


@pytest.mark.parametrize(("written", "reason"), table("refused")["rows"])
def test_what_is_not_supported_is_refused_with_its_place_and_reason(written, reason):
    """Unknown types and fields, values that don't fit, code, files and judges each get a sentence of their own."""
    with pytest.raises(AssertionSyntaxError) as caught:
        parse_assertions([{"type": "is-json"}, written], "tests[2].assert")

    assert caught.value.message.startswith("tests[2].assert[1]")
    assert reason in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_every_type_of_promptfoo_that_is_left_out_has_a_reason(kind):
    """No known type is called unknown, with "not-" or without."""
    for name in (kind, f"not-{kind}"):
        with pytest.raises(AssertionSyntaxError, match=f"{name} (needs|runs|sends|is)"):
            parse_assertions([{"type": name, "value": "x"}], "assert")


def test_an_assertion_keeps_what_was_written():
    """Type, value, threshold, weight, metric and "not-" are read as they stand."""
    written = {"type": "not-levenshtein", "value": "a", "threshold": 2, "weight": 0.5, "metric": "near"}

    assert parse_assertions([written], "assert") == (Assertion("levenshtein", "a", 2.0, 0.5, "near", negated=True),)


def test_defaults_are_weight_one_and_no_threshold():
    """What isn't written has promptfoo's default."""
    (assertion,) = parse_assertions([{"type": "contains", "value": "a"}], "assert")

    assert (assertion.weight, assertion.threshold, assertion.metric, assertion.negated) == (1.0, None, "", False)


def test_a_set_keeps_its_members():
    """The members of an assert-set are read like other assertions."""
    written = {"type": "assert-set", "threshold": 0.5, "assert": [{"type": "is-json"}, {"type": "not-is-refusal"}]}

    (found,) = parse_assertions([written], "assert")

    assert [member.name for member in found.members] == ["is-json", "not-is-refusal"]
    assert (found.name, found.threshold) == ("assert-set", 0.5)


def test_no_list_is_no_assertion_and_something_else_is_refused():
    """None means that there are none; a mapping or a text is no list."""
    assert parse_assertions(None, "assert") == ()
    for value in ({}, "contains: x", 3):
        with pytest.raises(AssertionSyntaxError, match="no list"):
            parse_assertions(value, "assert")


def test_a_list_without_end_is_refused():
    """More than a thousand assertions are too many for one test."""
    with pytest.raises(AssertionSyntaxError, match="1,001"):
        parse_assertions([{"type": "is-json"}] * 1_001, "assert")


@pytest.mark.parametrize(
    "value",
    [
        {"enum": list(range(10_000))},
        {"properties": {str(number): {} for number in range(3_000)}},
        {"a": float("nan"), "b": object()},
    ],
)
def test_a_schema_that_is_too_large_or_no_json_is_refused(value):
    """A schema has at most 20,000 characters and values that JSON has."""
    with pytest.raises(AssertionSyntaxError, match="its schema has"):
        parse_assertions([{"type": "is-json", "value": value}], "assert")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["{{a}}", "file://x", "(a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
fields = st.fixed_dictionaries(
    {"type": st.sampled_from([*SUPPORTED, "assert-set", "not-equals", "python", "x"]) | plain},
    optional=dict.fromkeys(("value", "threshold", "weight", "metric", "assert", "else"), plain),
)


@given(st.lists(fields | plain, max_size=3) | plain)
def test_whatever_stands_there_is_read_or_refused(value):
    """Any loaded YAML is either assertions or an AssertionSyntaxError; nothing else comes out."""
    try:
        found = parse_assertions(value, "assert")
    except AssertionSyntaxError as error:
        assert str(error)
    else:
        assert all(assertion.type in (*SUPPORTED, "assert-set") for assertion in found)


@given(st.sampled_from(rows("texts", "json", "patterns", "measures")), st.text(min_size=1))
def test_a_field_nobody_knows_is_never_passed_over(row, name):
    """Any other key in an assertion is refused by its name."""
    if name in ("type", "value", "threshold", "weight", "metric"):
        return

    with pytest.raises(AssertionSyntaxError, match="not supported here"):
        parse_assertions([row.written() | {name: 1}], "assert")
