import pytest
from hypothesis import given

from dataflows.templates import Slot, fill
from tests.hostile import templates
from workbench.errors import PromptError
from workbench.prompts.slot_check import check_template, refuse_bad_template

SLOTS = {"query": Slot("the question"), "results": Slot("the summaries", required=True)}


def kinds(template, parameters=()):
    return [(finding.kind, finding.slot) for finding in check_template(template, SLOTS, parameters)]


def test_a_template_that_fits_has_no_findings():
    """With every slot used there is nothing to say."""
    assert kinds("{query} {results} {{braces}}") == []


def test_findings_say_what_a_run_would_lose():
    """An unknown slot and a missing one are errors and come first; what is merely not used is told after them."""
    assert kinds("{page} {query}", ["tone"]) == [("unknown", "page"), ("missing", "results"), ("unused", "tone")]
    assert [finding.is_error for finding in check_template("{results}", SLOTS)] == [False]


def test_a_break_of_the_grammar_is_the_only_finding():
    """A template that can't be read says where, and nothing else."""
    findings = check_template("{results}\nand {query", SLOTS)

    assert [finding.kind for finding in findings] == ["grammar"]
    assert "line 2, column 5" in findings[0].message


def test_each_unknown_slot_has_its_place():
    """The same unknown slot twice is told twice, with line and column and what is known."""
    findings = check_template("{results} {page}\n {page}", SLOTS, ["tone"])

    places = [finding.message for finding in findings if finding.kind == "unknown"]
    assert ["line 1, column 11" in places[0], "line 2, column 2" in places[1]] == [True, True]
    assert "{query}, {results}, {tone}" in places[0]


@pytest.mark.parametrize("template", ["{results} {page}", "no slot", "{results", "{results!r}", "{results.x}"])
def test_a_bad_template_is_refused_with_its_prompt(template):
    """The error names the prompt and tells what to do."""
    with pytest.raises(PromptError) as raised:
        refuse_bad_template("a_prompt", template, SLOTS)

    assert raised.value.message.startswith("a_prompt: ")
    assert raised.value.hint


@given(templates(("query", "results", "page")))
def test_what_the_check_lets_through_can_be_filled(template):
    """A template is refused exactly when filling it would fail."""
    values = {"query": "q", "results": "r"}
    bad = any(finding.is_error for finding in check_template(template, SLOTS))

    try:
        fill(template, values, required=["results"])
    except ValueError:
        assert bad
    else:
        assert not bad
