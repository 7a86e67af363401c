"""Tests out of files: what is read, how defaults and lists of variables are put together, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.assertions.cases import load_tests, parse_tests
from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.nouns import Assertion

FILE = """\
defaultTest:
  vars: {tone: calm, topic: birds}
  metadata: {team: docs}
  threshold: 0.5
  assert:
    - {type: not-is-refusal}
tests:
  - description: A summary of a page
    vars:
      topic: gardens
    assert:
      - type: icontains
        value: "{{topic}}"
  - vars: {topic: "#1: sheds"}
    threshold: 1
    metadata: {page: 3}
"""


def refusal(text):
    with pytest.raises(AssertionSyntaxError) as caught:
        load_tests(text)
    assert caught.value.hint
    return caught.value.message


def test_a_file_is_read_with_its_defaults():
    """Variables and metadata are replaced one by one, the threshold as a whole; default assertions come first."""
    first, second = load_tests(FILE)

    refused = Assertion("is-refusal", negated=True)
    assert first.description == "A summary of a page"
    assert first.variables == {"tone": "calm", "topic": "gardens"}
    assert first.assertions == (refused, Assertion("icontains", "{{topic}}"))
    assert (first.threshold, first.metadata) == (0.5, {"team": "docs"})
    assert second.variables == {"tone": "calm", "topic": "#1: sheds"}
    assert second.assertions == (refused,)
    assert (second.threshold, second.metadata) == (1.0, {"team": "docs", "page": 3})


def test_a_bare_list_and_json_are_read_too():
    """A file may be a list of tests, and JSON is YAML."""
    tests = [{"vars": {"a": "b"}, "assert": [{"type": "contains", "value": "{{a}}"}]}]

    assert load_tests(json.dumps(tests)) == load_tests(json.dumps({"tests": tests})) == parse_tests(tests)


def test_lists_of_variables_make_every_combination():
    """One test for each choice, the last variable changing first; the other parts are the same."""
    tests = parse_tests([{"description": "d", "vars": {"a": ["x", "y"], "b": "z", "c": ["1", "2"]}}])

    assert [test.variables for test in tests] == [
        {"a": "x", "b": "z", "c": "1"},
        {"a": "x", "b": "z", "c": "2"},
        {"a": "y", "b": "z", "c": "1"},
        {"a": "y", "b": "z", "c": "2"},
    ]
    assert {test.description for test in tests} == {"d"}


def test_a_list_in_the_defaults_is_combined_as_well():
    """A test may replace the list by a text."""
    tests = parse_tests([{}, {"vars": {"a": "z"}}], {"vars": {"a": ["x", "y"]}})

    assert [test.variables["a"] for test in tests] == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-2", -2),
        ("'3'", "3"),
        ("=", "="),
        ("|\n        two\n        lines\n", "two\nlines\n"),
    ],
)
def test_scalars_are_read_as_yaml_one_point_two(written, value):
    """yes is a text, 010 is ten, and times and dates stay as they are written."""
    (test,) = load_tests(f"- vars:\n    x: {written}\n")

    assert test.variables == {"x": value}
    assert type(test.variables["x"]) is type(value)


def test_an_anchor_may_be_used_twice():
    """Aliases and merge keys are YAML's way not to repeat oneself."""
    text = "- vars: &v {a: b}\n- vars: {<<: *v, c: d}\n- vars: *v\n"

    assert [test.variables for test in load_tests(text)] == [{"a": "b"}, {"a": "b", "c": "d"}, {"a": "b"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is neither"),
        ("3", "the file is neither"),
        ("[]", "tests: this is no list of tests"),
        ("tests: file://tests.yaml", "tests: this is no list of tests"),
        ("defaultTest: {}", "tests: this is no list of tests"),
        ("prompts: [a]\ntests: [{}]", "the file: 'prompts' is not supported here"),
        ("tests: [file://a.yaml]", "tests[0]: this is no mapping"),
        ("tests: [{options: {transform: x}}]", "tests[0]: 'options' is not supported here"),
        ("tests: [{provider: x}]", "tests[0]: 'provider' is not supported here"),
        ("tests: [{providerOutput: x}]", "tests[0]: 'providerOutput' is not supported here"),
        ("tests: [{assertScoringFunction: x}]", "tests[0]: 'assertScoringFunction' is not supported here"),
        ("tests: [{weight: 2}]", "tests[0]: 'weight' is not supported here"),
        ("tests: [{}]\ndefaultTest: {description: x}", "defaultTest: 'description' is not supported here"),
        ("tests: [{}]\ndefaultTest: file://d.yaml", "defaultTest: this is no mapping"),
        ("tests: [{description: 3}]", "tests[0]: its description is no text"),
        ("tests: [{threshold: high}]", "tests[0]: its threshold 'high' is no number"),
        ("tests: [{vars: file://v.yaml}]", "tests[0]: its vars are no mapping"),
        ("tests: [{vars: {1: a}}]", "tests[0]: its vars are no mapping"),
        ("tests: [{metadata: [a]}]", "tests[0]: its metadata are no mapping"),
        ("tests: [{vars: {a: file://x.txt}}]", "tests[0].vars.a: this names a file"),
        ("tests: [{vars: {a: [x, file://x.txt]}}]", "tests[0].vars.a: this names a file"),
        ("tests: [{vars: {a: {b: c}}}]", "tests[0].vars.a: this is no text"),
        ("tests: [{vars: {a: null}}]", "tests[0].vars.a: this is no text"),
        ("tests: [{vars: {a: []}}]", "tests[0].vars.a: a list of variables has at least one value"),
        ("tests: [{vars: {a: [1, 2]}}]", "tests[0].vars.a: a list of variables has at least one value"),
        ("tests: [{vars: {a: [[x]]}}]", "tests[0].vars.a: this is no text"),
        ("tests: [{vars: {a: 'x {{b}}'}}]", "tests[0].vars.a: a variable that is a template"),
        ("tests: [{}, {assert: [{type: python, value: x}]}]", "tests[1].assert[0]: python runs code"),
        ("tests: [{}]\ndefaultTest: {assert: [{type: bleu}]}", "defaultTest.assert[0]: bleu is promptfoo's"),
        ("a: 1\na: 2", "line 2: the key 'a' stands there twice"),
        ("tests:\n- vars: {x: 1, x: 2}", "line 2: the key 'x' stands there twice"),
        ("tests: [", ": this is no YAML"),
        ("a: b\n--- \nc: d", "this is no YAML"),
        ("- !!python/object/apply:os.system [id]", "line 1: this is no YAML that is read here"),
        ("- !!binary aGk=", "line 1: this is no YAML that is read here"),
        ("- {vars: {x: 1\x00}}", "characters that YAML doesn't allow"),
        ("- '\ud800'", "half a character"),
        ("- &a [*a]", "line 1: an alias inside of what it stands for"),
        ("? [a]\n: b", "line 1: a key that is no text"),
        ("[" * 60 + "]" * 60, "line 1: nested deeper than 50 levels"),
        ("[" * 400_000, "line 1: "),
        ("- vars: {x: " + "9" * 5000 + "}", "a number of 5000 digits"),
        ("#" * 1_000_001, "the file has 1,000,001 bytes; 1,000,000 are the most"),
        ("#" + "é" * 500_000, "the file has 1,000,001 bytes; 1,000,000 are the most"),
    ],
)
def test_what_can_not_be_read_is_refused_with_its_place(text, message):
    """Files, tests and variables outside of the vocabulary are told with their line or place, and what to do."""
    assert message in refusal(text)


def test_aliases_that_multiply_are_refused():
    """Nine lines of aliases that stand for a thousand million values are not written out."""
    lines = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &a{line} [{', '.join([f'*a{line - 1}'] * 10)}]" for line in range(1, 9)]

    assert "aliases stand for more than" in refusal("\n".join(lines))


def test_too_many_combinations_and_tests_are_refused():
    """A test makes at most a thousand combinations, a file at most ten thousand tests."""
    ten = list("abcdefghij")
    hundred = {"vars": {"a": ten, "b": ten}}

    assert len(parse_tests([hundred] * 100)) == 10_000
    with pytest.raises(AssertionSyntaxError, match=r"tests\[100\]: more than 10,000 tests"):
        parse_tests([hundred] * 101)
    with pytest.raises(AssertionSyntaxError, match=r"tests\[0\]: its vars make 10,000 combinations"):
        parse_tests([{"vars": dict.fromkeys("wxyz", ten)}])


def test_a_schema_may_be_written_as_text():
    """is-json takes its schema as YAML in a text too, and refuses one that isn't."""
    (test,) = parse_tests([{"assert": [{"type": "is-json", "value": '{"required": ["a"]}'}]}])

    assert test.assertions[0].value == {"required": ["a"]}
    with pytest.raises(AssertionSyntaxError, match="mapping or a truth value"):
        parse_tests([{"assert": [{"type": "is-json", "value": "a schema"}]}])


@given(st.text(st.characters(exclude_categories=()), max_size=80) | st.text("[]{}:,-&*a1 \n'\"#!<|?%@", max_size=60))
def test_any_text_is_read_or_refused(text):
    """No text raises anything but an AssertionSyntaxError."""
    try:
        load_tests(text)
    except AssertionSyntaxError as error:
        assert str(error)
