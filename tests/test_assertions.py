"""Each assertion type against promptfoo's word for it: tables written by hand, and cases whose answer is built in."""

from itertools import product

import pytest

from tests.assertion_tables import rows
from workbench.assertions.checking import check
from workbench.assertions.nouns import Facts
from workbench.assertions.parsing import parse_assertions
from workbench.assertions.vocabulary import SUPPORTED

ROWS = rows("texts", "json", "patterns", "refusals", "measures")


def passed(written, output, facts=None, variables=None):
    """The only result of one assertion."""
    return check(output, parse_assertions([written], "assert"), facts or Facts(), variables or {}).results[0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.type}-{row.value!a}-{row.output!a}"[:80])
def test_an_output_is_judged_as_promptfoo_does(row):
    """Every line of the tables passes, fails, or can't be told and fails; with "not-" it is the other way round."""
    plain = passed(row.written(), row.output, row.facts, row.variables)
    negated = passed(row.written(type=f"not-{row.type}"), row.output, row.facts, row.variables)

    assert (plain.passed, plain.checked) == (row.passes is True, row.passes is not None), plain.reason
    assert (negated.passed, negated.checked) == (row.passes is False, row.passes is not None), negated.reason
    assert plain.score == pytest.approx(float(plain.passed) if row.score is None else row.score, abs=0.00005)
    assert negated.score == pytest.approx(float(negated.passed) if row.score is None else 1 - row.score, abs=0.00005)


def test_every_supported_type_passes_and_fails_somewhere_in_the_tables():
    """No type is in the vocabulary without a line that passes and one that fails."""
    judged = {(row.type, row.passes) for row in ROWS}

    assert {(kind, passes) for kind in SUPPORTED for passes in (True, False)} <= judged


def test_the_tables_have_at_least_nine_hundred_cases():
    """Lines, each asked with and without "not-"."""
    assert 2 * len(ROWS) >= 900


@pytest.mark.parametrize("limit", range(9))
def test_added_letters_are_edits(limit):
    """Letters a text doesn't have, put into it, are as many edits: within the threshold it passes."""
    for added in range(9):
        output = "abcde" + "x" * added + "fghij"

        result = passed({"type": "levenshtein", "value": "abcdefghij", "threshold": limit}, output)

        assert result.passed is (added <= limit)


@pytest.mark.parametrize("separator", [" ", "\n", " \t ", "\u3000", "\r\n\r\n"])
def test_words_joined_by_white_space_are_counted(separator):
    """So many words, with any white space between, pass that count and no other, and a range that has it."""
    for count in range(6):
        output = separator.join(["word"] * count)

        for asked in range(6):
            assert passed({"type": "word-count", "value": asked}, output).passed is (asked == count)
            assert passed({"type": "word-count", "value": {"min": asked}}, output).passed is (count >= asked)
            assert passed({"type": "word-count", "value": {"max": asked}}, output).passed is (count <= asked)


@pytest.mark.parametrize("shared", range(5))
def test_words_in_common_make_the_rouge_score(shared):
    """Of distinct words, ROUGE-1's F1 is twice the shared ones over the words of both texts."""
    common = [f"both{number}" for number in range(shared)]
    for ours, theirs in product(range(5), repeat=2):
        output = " ".join([*common, *(f"ours{number}" for number in range(ours))])
        reference = " ".join([*(f"theirs{number}" for number in range(theirs)), *common])
        total = 2 * shared + ours + theirs

        result = passed({"type": "rouge-n", "value": reference, "threshold": 0.5}, output)

        assert result.score == pytest.approx(2 * shared / total if total else 0)
        assert result.passed is (4 * shared >= total > 0)


@pytest.mark.parametrize("limit", [0, 1, 199, 200, 201, 1000, 60_000])
def test_a_run_as_long_as_the_limit_passes(limit):
    """Latency is compared in whole milliseconds, whatever its seconds are in binary."""
    for milliseconds in (*range(0, 1_200, 7), 199, 200, 201, 60_000):
        result = passed({"type": "latency", "threshold": limit}, "", Facts(seconds=milliseconds / 1000))

        assert result.passed is (milliseconds <= limit)


@pytest.mark.parametrize("kind", ["contains", "icontains", "contains-any", "contains-all", "starts-with", "regex"])
def test_a_text_is_found_where_it_was_put(kind):
    """A text put into another is found there; at the start only, where that is asked; not when it was left out."""
    hay = "straw in a stack"
    for needle, before in product(["needle", "NEEDLE", "Nädel", "針"], ["", "hay ", "hay\n"]):
        found = passed({"type": kind, "value": needle}, before + needle + hay).passed

        assert found is (kind != "starts-with" or not before)
        assert not passed({"type": kind, "value": needle}, before + hay).passed
