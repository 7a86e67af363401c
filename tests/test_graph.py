import inspect
from typing import Optional

import pytest

from dataflows import DATAFLOWS, Dataflow
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from tests.scripted import ScriptedModel
from workbench.errors import DataflowError, InputError, PromptError, UsageError
from workbench.graphs import graph
from workbench.graphs.execution import execute
from workbench.graphs.inputs import InputSpec, coerced, inputs_of

SUMMARIZATION = DATAFLOWS["summarization"]


@pytest.fixture
def built():
    return graph.build(SUMMARIZATION, None, {})


def test_prompts_come_in_the_order_of_the_chain(built):
    """The prompt that reaches more of the dataflow comes first."""
    assert graph.prompt_names(built, SUMMARIZATION) == [CHUNK_PROMPT, LAST_PROMPT]


def test_the_output_and_the_model_are_found_by_what_they_are(built):
    """The output is the tagged node, the model the input of that class."""
    assert graph.output_name(built, SUMMARIZATION) == "summarized_text"
    assert graph.model_inputs(built) == ["model"]


def test_inputs_are_what_is_left_to_give(built):
    """With the pages given, the PDF is not asked for; prompts are required, settings have their defaults."""
    specs = {spec.name: spec for spec in inputs_of(built, "summarized_text", ["page_texts"])}

    assert {name for name, spec in specs.items() if spec.required} == {CHUNK_PROMPT, LAST_PROMPT}
    assert specs["max_chunk_tokens"].default == 1500
    assert "pdf_source" not in specs
    assert "model" not in specs


def test_config_keys_are_read_from_the_decorators():
    """The config that chooses between nodes is known before anything is built."""
    assert graph.config_keys(graph.modules_of(SUMMARIZATION)) == {"chunk_detail"}


def test_values_go_where_hamilton_looks_for_them(built):
    """A value for an input is an input, for a computed node an override, for neither it is left out."""
    inputs, overrides = graph.bind(built, {"query": "Why?", "raw_text": "text", "unknown": 1})

    assert inputs == {"query": "Why?"}
    assert overrides == {"raw_text": "text"}


def test_an_unknown_name_is_refused_with_a_near_one(built):
    """A misspelt input is an error that names the one meant; a name like nothing gets the whole list."""
    with pytest.raises(InputError) as near:
        graph.refuse_unknown(["max_chunk_token"], [built])
    with pytest.raises(InputError) as far:
        graph.refuse_unknown(["zzz"], [built])

    assert near.value.hint == "Did you mean max_chunk_tokens?"
    assert "query" in far.value.hint
    graph.refuse_unknown(["query", "raw_text"], [built])


def test_an_unknown_dataflow_names_the_known_ones():
    """Asking for a dataflow that is not registered says which are."""
    with pytest.raises(UsageError) as raised:
        graph.dataflow_named("../secrets")

    assert "summarization" in raised.value.hint


def test_a_dataflow_that_cannot_be_imported_is_a_dataflow_error():
    """A missing module is an error a person can read."""
    with pytest.raises(DataflowError):
        graph.build(Dataflow(("no.such.module",), "pages", "chunks"), None, {})


def test_a_node_s_own_error_is_one_short_line(built):
    """A node that raises gives a DataflowError with its words, and a bad template a PromptError."""
    prompts = {CHUNK_PROMPT: "a", LAST_PROMPT: "{results} {nothing}"}
    given = {**prompts, "model": ScriptedModel()}

    with pytest.raises(DataflowError, match="at least 8 are needed"):
        execute(built, ["chunked_text"], {"max_chunk_tokens": 1}, {"mended_text": "text"})
    with pytest.raises(PromptError, match="line 1, column 11"):
        execute(built, ["summarized_text"], given, {"page_texts": ["text"]})


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (str, "7", "7"),
        (int, "7", 7),
        (float, "7", 7.0),
        (bool, "TRUE", True),
        (int | None, "", None),
        (int | None, "7", 7),
        (Optional[int], "7", 7),  # noqa: UP045 people write it so
        (Optional[int], "", None),  # noqa: UP045
        (str | None, "x", "x"),
    ],
)
def test_typed_texts_become_the_input_s_type(kind, text, value):
    """What is typed in a form is given to Hamilton as the type it insists on."""
    made = coerced(InputSpec("size", kind, inspect.Parameter.empty, ()), text)

    assert (made, type(made)) == (value, type(value))


@pytest.mark.parametrize(("kind", "text"), [(int, "1.5"), (int, ""), (float, "much"), (bool, "1"), (int | None, "x")])
def test_a_text_that_is_no_such_value_is_refused(kind, text):
    """The error names the input and what was typed."""
    with pytest.raises(InputError) as raised:
        coerced(InputSpec("size", kind, inspect.Parameter.empty, ()), text)

    assert raised.value.message.startswith(f"size is {text!r}; it has to be")
