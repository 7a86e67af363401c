"""What a version's module says of its model and its origin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import any_text
from workbench.prompts.provenance import (
    Provenance,
    edited_after_export,
    module_sha256,
    prompts_sha256,
    read_literal,
    read_model,
    read_provenance,
)
from workbench.prompts.reader import read_prompts
from workbench.prompts.writer import module_source
from workbench.records import Parameter, Prompt

PROMPTS = [
    Prompt("chunk_prompt", "From {kind}: {chunk}", (Parameter("kind", "a paper"),), "One chunk."),
    Prompt("answer_prompt", "Answer {query}."),
]
ORIGIN = Provenance("v4", "v3", "2026-11-25", "a" * 40, True, ("m",), 3, {"v3": {"seconds": 1.5}, "v4": {"calls": 2}})
MODEL = {"name": "m", "temperature": 0.0, "config": {}, "inputs": {"max_chunk_tokens": 400}}


def exported():
    return module_source(PROMPTS, "v4: shorter", MODEL, ORIGIN)


def test_model_and_origin_are_read_back_without_running_the_module():
    """Both literals come back as they were given, with the hashes filled in, although the module would fail."""
    source = exported() + "\nraise SystemExit\n"

    found = read_provenance(source)

    assert read_model(source) == MODEL
    assert found.prompts_sha256 == prompts_sha256(read_prompts(source).values())
    assert (found.version, found.parent, found.git_dirty, found.models, found.runs) == ("v4", "v3", True, ("m",), 3)
    assert found.metrics == ORIGIN.metrics


def test_a_module_as_it_was_exported_is_not_edited():
    """Neither is one without provenance."""
    assert edited_after_export(exported()) == ""
    assert edited_after_export(module_source(PROMPTS, "v1: by hand")) == ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Answer {query}", "Answer: {query}", "prompts"),
        ('kind: str = "a paper"', 'kind: str = "a pager"', "prompts"),
        ("One chunk.", "One chunk!", "docstrings"),
        ("v4: shorter", "v4: Shorter", "docstrings"),
        ('"name": "m"', '"name": "n"', "model"),
        ('"parent": "v3"', '"parent": "v2"', "provenance"),
    ],
)
def test_one_changed_character_is_an_edit(before, after, said):
    """In a text, a default, a docstring, the model or the provenance itself."""
    source = exported()

    edited = source.replace(before, after, 1)

    assert edited != source
    assert said in edited_after_export(edited)


@pytest.mark.parametrize("change", [lambda source: source.replace("\n", "\r\n"), lambda source: f"{source}\n# x\n"])
def test_line_ends_and_comments_are_no_edit(change):
    """A checkout with other line ends, or a comment, is still what was exported."""
    assert edited_after_export(change(exported())) == ""


def test_another_statement_is_an_edit():
    """Code that was added counts, even when every prompt is as it was."""
    assert edited_after_export(exported() + "\nimport os\n")


def test_a_literal_that_is_none_is_not_read():
    """A call, a name or another type under MODEL is no model, and nothing of it is run."""
    for value in ("open('x')", "{'a': print('run')}", "[1]", "{'a': b}"):
        assert read_literal(f"MODEL = {value}\n", "MODEL") is None


@given(any_text(), st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), any_text(), max_size=3))
def test_any_text_comes_back_in_the_literals(text, names):
    """Whatever stands in a model's name or the parent's label, the module is Python and gives it back."""
    source = module_source(PROMPTS, "v4", {"name": text, "inputs": names}, Provenance("v4", text, "2026-11-25"))

    assert read_model(source) == {"name": text, "inputs": names}
    assert read_provenance(source).parent == text
    assert edited_after_export(source) == ""
    assert module_sha256(source) == read_provenance(source).module_sha256
