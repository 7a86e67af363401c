"""How results become a verdict: weights, thresholds, sets, and the sentences that say why."""

import pytest

from tests.assertion_tables import rows, table
from workbench.assertions.checking import check
from workbench.assertions.nouns import Facts
from workbench.assertions.parsing import parse_assertions


def written(item):
    """One assertion of the table of verdicts, for the output "x"."""
    if isinstance(item, dict):
        rest = {name: item[name] for name in ("threshold", "weight") if name in item}
        return {"type": "assert-set", "assert": list(map(written, item["set"]))} | rest
    holds, weight = item
    return {"type": "contains", "value": "x" if holds else "z", "weight": weight}


def judge(items, threshold=None, output="x", facts=None):
    return check(output, parse_assertions(items, "assert"), facts or Facts(), {}, threshold)


@pytest.mark.parametrize(("items", "threshold", "passed", "score"), table("verdicts")["rows"])
def test_scores_and_thresholds_make_the_verdict(items, threshold, passed, score):
    """The weighted mean, the test's threshold and weight 0 work as in promptfoo, inside of sets and outside."""
    verdict = judge(list(map(written, items)), threshold)

    assert verdict.passed is passed
    assert verdict.score == pytest.approx(score)


def test_a_result_stands_for_each_assertion_in_its_order():
    """Results come in the order of the assertions, and a set keeps those of its members."""
    items = [written([True, 1]), {"type": "assert-set", "assert": [written([False, 1]), written([True, 1])]}]

    first, second = judge(items).results

    assert (first.passed, first.members) == (True, ())
    assert [member.passed for member in second.members] == [False, True]


def test_what_has_no_weight_passes_by_itself():
    """An assertion or a set of weight 0 has a passed result with the score it was measured at."""
    group = {"type": "assert-set", "weight": 0, "assert": [written([False, 1])]}

    plain, within = judge([written([False, 0]), group]).results

    assert [(result.passed, result.score) for result in (plain, within)] == [(True, 0.0), (True, 0.0)]


def test_a_score_between_zero_and_one_counts_in_the_mean():
    """rouge-n gives its score, not only pass or fail."""
    items = [{"type": "rouge-n", "value": "hello world", "threshold": 0.5}, {"type": "contains", "value": "hello"}]

    verdict = judge(items, output="hello there world")

    assert verdict.score == pytest.approx((0.8 + 1) / 2)


@pytest.mark.parametrize("item", [{"type": "latency", "threshold": 1}, {"type": "not-cost", "threshold": 1}])
def test_what_is_not_known_fails_the_test_whatever_its_threshold(item):
    """A run whose time or cost isn't known can't pass a limit on it, nor a test that has one."""
    assert not judge([item]).passed
    assert not judge([item, written([True, 1])], 0).passed
    assert not judge([{"type": "assert-set", "threshold": 0, "assert": [item]}], 0).passed
    assert judge([item | {"weight": 0}, written([True, 1])], 0).passed


@pytest.mark.parametrize(
    ("item", "output", "facts", "reason"),
    [
        ({"type": "contains", "value": "sea"}, "lake", {}, 'contains: the output does not have "sea".'),
        ({"type": "not-contains", "value": "lake"}, "lake", {}, 'not-contains: the output has "lake".'),
        ({"type": "equals", "value": "b"}, "a", {}, 'equals: the output is "a", not "b".'),
        (
            {"type": "levenshtein", "value": "abc", "threshold": 1},
            "xyz",
            {},
            'levenshtein: the output is more than 1 edits from "abc"; the limit is 1.',
        ),
        (
            {"type": "word-count", "value": {"min": 2, "max": 3}},
            "one",
            {},
            "word-count: the output has 1 words; 2 to 3 are asked for.",
        ),
        (
            {"type": "word-count", "value": {"min": 2}},
            "one",
            {},
            "word-count: the output has 1 words; at least 2 are asked for.",
        ),
        (
            {"type": "latency", "threshold": 500},
            "",
            {"seconds": 0.75},
            "latency: the run took 750 ms; the limit is 500 ms.",
        ),
        (
            {"type": "cost", "threshold": 0.001},
            "",
            {"cost_usd": 0.002},
            "cost: the run cost 0.002 US dollars; the limit is 0.001.",
        ),
        ({"type": "cost", "threshold": 1}, "", {}, "cost: it is not known what the run cost."),
        ({"type": "rouge-n", "value": "a b"}, "a", {}, "rouge-n: ROUGE-1 (F1) is 0.67; the limit is 0.75."),
        (
            {"type": "is-json", "value": {"properties": {"a": {"type": "string"}}}},
            '{"a": 1}',
            {},
            "is-json: the output is JSON that doesn't fit its schema: $.a: 1 is not of type 'string'.",
        ),
        (
            {"type": "assert-set", "threshold": 1, "assert": [{"type": "is-json"}, {"type": "contains", "value": "a"}]},
            "a",
            {},
            'assert-set: 1 of 2 passed, the score is 0.50, the limit is 1. is-json: the output is no JSON: "a".',
        ),
    ],
)
def test_a_reason_has_the_value_and_the_limit(item, output, facts, reason):
    """Each reason is a sentence that names the assertion, what was found and what was asked."""
    assert judge([item], output=output, facts=Facts(**facts)).results[0].reason == reason


def test_reasons_are_one_short_printable_line():
    """However long and strange the output is, its reason has at most 200 characters, all printable."""
    for row in rows("texts", "measures", "refusals"):
        output = row.output + "\n\x00\ud800\u202e" + "long " * 100

        (result,) = check(output, parse_assertions([row.written()], ""), row.facts, row.variables).results

        assert 0 < len(result.reason) <= 200
        assert result.reason.isprintable()


def test_a_reason_with_much_to_say_is_cut():
    """Ten missing texts of fifty characters don't make a longer reason than 200 characters."""
    texts = [str(number) * 50 for number in range(10)]

    reason = judge([{"type": "contains-all", "value": texts}]).results[0].reason

    assert len(reason) == 200
    assert reason.endswith("…")
