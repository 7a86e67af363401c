from types import ModuleType

import pytest
from hamilton import driver
from hamilton.ad_hoc_utils import module_from_source
from hypothesis import given
from hypothesis import strategies as st

from dataflows import summarization
from dataflows.templates import TemplateError
from tests.hostile import any_text
from tests.pdfs import text_pdf
from tests.scripted import ScriptedModel

# The article's two versions as modules, dropped in as they are.
ARTICLE_V1 = '''
def summarize_chunk_of_text_prompt() -> str:
    """V1 prompt for summarizing chunks of text."""
    return f"Summarize this text. Extract any key points with reasoning.\\n\\nContent:"


def summarize_text_from_summaries_prompt() -> str:
    """V1 prompt for the whole."""
    return """Make one summary of these points.
    User query: {query}
    {results}
    """
'''
ARTICLE_V2 = '''
def summarize_chunk_of_text_prompt(content_type: str = "an academic paper") -> str:
    """V2 prompt for summarizing chunks of text."""
    return f"Summarize this text from {content_type}. Extract any key points with reasoning.\\n\\nContent:"


def summarize_text_from_summaries_prompt(content_type: str = "an academic paper") -> str:
    """V2 prompt for the whole."""
    return f"""Make one summary of these points from {content_type}.
    User query: {{query}}
    {{results}}
    """
'''
CHUNKS = ["First chunk.", "Second {query} chunk."]


def run(module: ModuleType | None, wanted="summarized_text", model=None, **values):
    modules = [summarization, *([module] if module else [])]
    built = driver.Builder().with_modules(*modules).build()
    inputs = {name: value for name, value in values.items() if built.graph.nodes[name].user_defined}
    overrides = {name: value for name, value in values.items() if name not in inputs}
    inputs["model"] = model or ScriptedModel(str.upper)
    return built.execute([wanted], inputs=inputs, overrides=overrides)[wanted]


@pytest.mark.parametrize(
    ("source", "of_type", "given"),
    [
        (ARTICLE_V1, "", {}),
        (ARTICLE_V2, " from an academic paper", {}),
        (ARTICLE_V2, " from a tale", {"content_type": "a tale"}),
    ],
)
def test_the_article_s_modules_work_unchanged(source, of_type, given):
    """Dropped in, v1 and v2 get each chunk glued to the end, and the query and the summaries in their slots."""
    model = ScriptedModel(lambda prompt: f"<{len(prompt)}>")

    run(module_from_source(source), model=model, chunked_text=CHUNKS, query="Why?", **given)

    instruction = f"Summarize this text{of_type}. Extract any key points with reasoning.\n\nContent:"
    sizes = [len(instruction) + len(chunk) for chunk in CHUNKS]
    assert model.batches[0] == [instruction + chunk for chunk in CHUNKS]
    assert model.batches[1] == [
        f"Make one summary of these points{of_type}.\n    User query: Why?\n    <{sizes[0]}>\n<{sizes[1]}>\n    "
    ]


def test_a_pdf_becomes_a_summary_without_the_workbench():
    """From the bytes of a PDF to the last answer with a bare driver: every chunk is asked about once, in order."""
    pages = ["The first page tells of gardens. " * 20, "The second page tells of oceans. " * 20]
    model = ScriptedModel()

    output = run(module_from_source(ARTICLE_V1), model=model, pdf_source=text_pdf(pages), max_chunk_tokens=64)

    chunk_prompts, (last_prompt,) = model.batches
    assert len(chunk_prompts) > 2
    assert "gardens" in chunk_prompts[0] and "oceans" in chunk_prompts[-1]
    assert all(model.answer(prompt) in last_prompt for prompt in chunk_prompts)
    assert output == model.answer(last_prompt)


def test_prompts_can_be_given_as_inputs():
    """Without a prompt module the prompts are inputs of the dataflow."""
    model = ScriptedModel(lambda _: "note")
    texts = {"summarize_chunk_of_text_prompt": "Go: ", "summarize_text_from_summaries_prompt": "{results}!"}

    run(None, model=model, chunked_text=["a", "b"], **texts)

    assert model.batches == [["Go: a", "Go: b"], ["note\nnote!"]]


def test_a_chunk_goes_into_its_slot():
    """With a {chunk} slot nothing is glued to the end, doubled braces are single ones, and page breaks are gone."""
    model = ScriptedModel()

    run(
        None,
        "summarized_chunks",
        model,
        chunked_text=["one\fpage", "{chunk}"],
        summarize_chunk_of_text_prompt="<{chunk}> {{x}} <{chunk}>",
    )

    assert model.batches == [["<onepage> {x} <onepage>", "<{chunk}> {x} <{chunk}>"]]


@given(any_text(), st.lists(any_text(), max_size=3))
def test_values_are_never_read_as_templates(query, summaries):
    """Query and results are filled in one pass: whatever braces they hold, "{results}" in a query stays as it is."""
    template = "{query}|{results}|{query}"

    filled = summarization.prompt_and_text_content(summaries, template, query + "{results}")

    asked = query + "{results}"
    assert filled == f"{asked}|{chr(10).join(summaries)}|{asked}"


def test_a_prompt_that_would_lose_the_summaries_is_refused():
    """Without {results} the last prompt is an error with its place; the query may be left out."""
    with pytest.raises(TemplateError, match=r"\{results\} is missing"):
        summarization.prompt_and_text_content(["note"], "Only {query}", "Why?")
    assert summarization.prompt_and_text_content(["note"], "{results}", "Why?") == "note"


@pytest.mark.parametrize("template", ["{page}", "{results.x}", "{results!r}", "{results:>9}", "{0}", "{"])
def test_a_prompt_that_nothing_fills_is_refused(template):
    """An unknown slot and anything beyond the grammar is an error, in either prompt."""
    with pytest.raises(TemplateError):
        summarization.summarized_chunks(["a"], template, ScriptedModel())
    with pytest.raises(TemplateError):
        summarization.prompt_and_text_content(["a"], "{results}" + template, "Why?")


def test_limits_reach_the_model():
    """The longest summary and the longest answer are what the model is told."""
    model = ScriptedModel()
    limits = {"max_summary_tokens": 100, "max_answer_tokens": 300}

    run(module_from_source(ARTICLE_V1), model=model, chunked_text=CHUNKS, **limits)

    assert model.limits == [100, 300]


def test_a_small_model_reads_the_telling_sentences_only():
    """With the small model's config each chunk is cut down to the tokens it can follow."""
    built = driver.Builder().with_modules(summarization).with_config({"chunk_detail": "telling_sentences"}).build()
    chunks = ["The garden has roses and tulips in each of its corners. " * 30, "Short."]

    content = built.execute(["chunk_content"], inputs={"max_telling_tokens": 40}, overrides={"chunked_text": chunks})

    first, second = content["chunk_content"]
    assert 0 < len(first) < 300
    assert second == "Short."


def test_an_empty_document_has_no_chunks_and_still_an_answer():
    """Without a chunk the model is asked about nothing and then for the summary."""
    model = ScriptedModel(lambda _: "nothing")

    assert run(module_from_source(ARTICLE_V1), model=model, chunked_text=[]) == "nothing"
    assert model.batches[0] == []
