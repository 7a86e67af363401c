import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflows.templates import TemplateError, escape, fill, fill_some, parse, slots
from tests.hostile import any_text, hostile_prompts, templates


@given(templates(), any_text(), any_text())
def test_what_the_grammar_accepts_str_format_reads_the_same_way(template, query, chunk):
    """A template filled by fill is what str.format makes of it."""
    values = {"query": query, "chunk": chunk}

    filled = fill(template, values)

    assert filled == template.format(**values)


@given(st.text("{}a.[0]!r: ", max_size=12))
def test_a_text_is_refused_or_read_as_str_format_reads_it(text):
    """No text near the grammar's edge is accepted and read in another way than str.format does."""
    try:
        names = slots(text)
    except TemplateError:
        return

    filled = fill(text, dict.fromkeys(names, "value"))

    assert filled == text.format(**dict.fromkeys(names, "value"))


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("{", 1, 1),
        ("}", 1, 1),
        ("one\ntwo }", 2, 5),
        ("{{{", 1, 3),
        ("{}", 1, 1),
        ("{0}", 1, 1),
        ("a\n\n {query.__class__}", 3, 2),
        ("{query[0]}", 1, 1),
        ("{query!r}", 1, 1),
        ("{query:>1000000000}", 1, 1),
        ("{ query }", 1, 1),
        ("{class}", 1, 1),
        ("{ｑｕｅｒｙ}", 1, 1),
        ("{_query}", 1, 1),
        ("{que__ry}", 1, 1),
    ],
)
def test_anything_but_plain_slots_is_refused_with_its_place(template, line, column):
    """Attributes, indexes, conversions, formats, odd names and single braces are refused, with line and column."""
    with pytest.raises(TemplateError) as caught:
        parse(template)

    assert (caught.value.line, caught.value.column) == (line, column)


@given(any_text())
def test_an_escaped_text_fills_to_itself(text):
    """escape makes a template that has no slot and fills to the text."""
    template = escape(text)

    assert slots(template) == []
    assert fill(template, {}) == text


@given(templates(), any_text(), any_text())
def test_filling_in_two_steps_gives_what_one_step_gives(template, query, chunk):
    """Values filled early never become slots: fill after fill_some is fill."""
    early = fill_some(template, {"query": query})

    assert fill(early, {"chunk": chunk}) == fill(template, {"query": query, "chunk": chunk})


def test_a_value_is_never_read_as_a_template():
    """A value that looks like a slot stays as it is."""
    filled = fill("{query} {chunk}", {"query": "{chunk}", "chunk": "{query}"})

    assert filled == "{chunk} {query}"


def test_a_slot_that_nothing_fills_is_named_with_what_is_known():
    """The error names the slot, its place and the slots there are."""
    with pytest.raises(TemplateError, match=r"line 2, column 1: nothing fills \{topic\}; known: \{chunk\}, \{query\}"):
        fill("About\n{topic}", {"query": "", "chunk": ""})


def test_a_missing_required_slot_is_refused():
    """A template that would lose a required text is refused."""
    with pytest.raises(TemplateError, match=r"\{query\} is missing"):
        fill("Summarize {chunk}", {"query": "", "chunk": ""}, required=["query"])


def test_slots_come_once_in_order_of_first_use():
    """slots names each slot once, as they come."""
    assert slots("{b} {a} {{c}} {b}") == ["b", "a"]


def test_hostile_prompts_are_templates_and_the_same_each_time():
    """hostile_prompts gives valid templates, equal for equal arguments, two of 500 being long."""
    prompts = hostile_prompts(500, seed=1)

    assert prompts == hostile_prompts(500, seed=1)
    assert prompts != hostile_prompts(500, seed=2)
    assert sum(len(prompt) >= 100_000 for prompt in prompts) == 2
    assert {name for prompt in prompts for name in slots(prompt)} == {"query", "chunk"}
