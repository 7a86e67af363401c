"""Each difference to promptfoo that docs/promptfoo.md lists, and that the list has no other."""

import re
from pathlib import Path

import pytest

from workbench.assertions.cases import parse_tests
from workbench.assertions.checking import check
from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.nouns import Facts
from workbench.assertions.parsing import parse_assertions
from workbench.assertions.vocabulary import REFUSED, SET, SUPPORTED
from workbench.assertions.yaml_text import read_yaml
from workbench.evaluation.selecting import Rivals, Selection, selection_finding
from workbench.evaluation.similar import similarity_finding

PAGE = (Path(__file__).parents[1] / "docs" / "promptfoo.md").read_text("utf-8")


def result_of(written, output, variables=None):
    return check(output, parse_assertions([written], "assert"), Facts(), variables or {}).results[0]


def refused(written):
    with pytest.raises(AssertionSyntaxError) as caught:
        parse_assertions([written], "assert")
    return caught.value.message


def difference_1_a_measure_needs_a_limit():
    assert "no threshold" in refused({"type": "latency", "metric": "time", "weight": 0})


def difference_2_what_is_not_known_fails_both_ways():
    for name in ("latency", "not-latency", "cost", "not-cost"):
        assert not check("", parse_assertions([{"type": name, "threshold": 1}], ""), Facts(), {}, 0).passed


def difference_3_a_set_without_weight_fails_nothing():
    written = {"type": "assert-set", "weight": 0, "assert": [{"type": "contains", "value": "z"}]}

    assert check("x", parse_assertions([written], ""), Facts(), {}).passed


def difference_4_an_empty_refusal_scores_one():
    assert result_of({"type": "is-refusal"}, "").score == 1.0


def difference_5_only_strict_json_is_found():
    for output in ("{", '{"a": 1', '{"a": }', "{a: 1}", "{'a': 1}", '{"a": NaN}', '{"a": 1, // no\n}'):
        assert not result_of({"type": "contains-json"}, output).passed


def difference_6_schemas_are_draft_7_with_four_formats():
    assert "format 'uri'" in refused({"type": "is-json", "value": {"format": "uri"}})
    assert result_of({"type": "is-json", "value": {"format": "email"}}, '"a@"').passed


def difference_7_characters_are_code_points():
    assert result_of({"type": "regex", "value": "^.$"}, "😀").passed
    assert result_of({"type": "levenshtein", "value": "😀", "threshold": 1}, "x").passed


def difference_8_a_group_that_took_no_part_matches_nothing():
    assert not result_of({"type": "regex", "value": "^(?:(a)|b)\\1$"}, "b").passed


def difference_9_a_pattern_that_can_not_be_read_is_refused():
    assert "regular expression" in refused({"type": "not-regex", "value": "("})
    assert not result_of({"type": "not-regex", "value": "{{p}}"}, "x", {"p": "("}).passed


def difference_10_look_behinds_have_one_length():
    assert "regular expression" in refused({"type": "regex", "value": "(?<=a+)b"})


def difference_11_a_search_takes_two_seconds_at_most():
    assert "characters; 1,000 are the most" in refused({"type": "regex", "value": "a" * 1_001})


def difference_12_rouge_knows_simpler_words():
    assert result_of({"type": "rouge-n", "value": "do n't"}, "don't").score == 0.0


def difference_13_every_list_names_a_text():
    assert "empty one" in refused({"type": "contains-all", "value": []})
    assert not result_of({"type": "not-contains-any", "value": "{{x}}"}, "yes", {"x": ","}).passed


def difference_14_a_missing_variable_is_no_empty_text():
    for name in ("equals", "not-equals"):
        assert not result_of({"type": name, "value": "{{missing}}"}, "").passed


def difference_15_what_is_filled_in_is_not_read_again():
    assert result_of({"type": "equals", "value": "{{a}}"}, "{{b}}", {"a": "{{b}}", "b": "y"}).passed
    with pytest.raises(AssertionSyntaxError, match="template of other variables"):
        parse_tests([{"vars": {"a": "{{b}}", "b": "y"}}])


def difference_16_what_would_be_passed_over_is_refused():
    assert "knows no threshold" in refused({"type": "contains", "value": "x", "threshold": 0.5})
    assert "knows no value" in refused({"type": "latency", "value": 100, "threshold": 100})
    assert "no assertions" in refused({"type": "assert-set", "assert": []})


def difference_17_dates_are_texts():
    assert read_yaml("2024-01-01") == "2024-01-01"


def difference_18_a_refusal_is_one_phrase():
    assert result_of({"type": "is-refusal"}, "I cannot help with that. But here is how it is done: first, …").passed


def difference_19_the_nearest_text_gives_the_score():
    texts = [("near", [0.8, 0.6]), ("nearer", [1.0, 0.0])]

    assert similarity_finding("similar", 0.5, [1.0, 0.0], texts).score == 1.0


def difference_20_scores_are_between_0_and_1():
    for kind, output, score in [
        ("similar", [-1.0], 0.0),
        ("similar:dot", [2.0], 1.0),
        ("similar:euclidean", [4.0], 0.25),
    ]:
        assert similarity_finding(kind, 1.0, output, [("text", [1.0])]).score == score


def difference_21_a_choice_is_an_assertion_like_any_other():
    rivals = Rivals({"v1": "same", "v2": "same", "v3": "other"}, turn=0)
    written = [{"type": "select-best", "value": "best", "weight": 3}, {"type": "contains", "value": "x"}]

    def judge(question):
        return selection_finding("v2", question.value, rivals, lambda _, texts: Selection("same", ""))

    verdict = check("same", parse_assertions(written, "", judged=True), Facts(), {}, judge=judge)

    assert verdict.score == 0.75
    assert len(parse_assertions(written[:1] * 2, "", judged=True)) == 2


def difference_22_a_missing_answer_is_no_empty_text():
    rivals = Rivals({"v1": "answer", "v2": None}, turn=0)

    assert selection_finding("v1", "best", rivals, lambda _, texts: Selection(texts[0], "")).holds is None


DIFFERENCES = {name: test for name, test in globals().items() if name.startswith("difference_")}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_listed_difference_is_kept(name):
    """What the page says is different is what happens."""
    DIFFERENCES[name]()


def test_the_page_lists_these_differences_and_no_other():
    """Every number of the page has a test here, and every test a number of the page."""
    section = PAGE.partition("## Where we differ")[2].partition("\n## ")[0]

    listed = re.findall(r"^(\d+)\. ", section, re.MULTILINE)

    assert listed == [name.split("_")[1] for name in DIFFERENCES]


@pytest.mark.parametrize("kind", [*SUPPORTED, SET, *REFUSED])
def test_the_page_names_every_type(kind):
    """A type that is checked or refused for a reason of its own stands on the page."""
    assert f"`{kind}`" in PAGE
