import re

import pytest
from hamilton import driver
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflows import DATAFLOWS, document, question_answering
from dataflows.chunking import pages_of
from dataflows.passages import split_pages
from dataflows.pdf_pages import read_pages
from dataflows.relevance import most_relevant, relevance, terms
from dataflows.templates import TemplateError
from prompts.question_answering import prompts_v1, prompts_v2
from tests.scripted import ScriptedModel
from workbench.settings import ROOT

SAMPLE = ROOT / "samples" / "ferry-handbook.pdf"
PROMPTS = {"answer_question_prompt": "{question}|{passages}", "check_answer_prompt": "CHECK {answer}|{passages}"}
PAGES = ["Roses need water.", "Tulips need sun.", "Ferns need shade.", "Moss needs time."]


def run(answer, pages, wanted=("cited_answer",), prompts=None, **inputs):
    """Values of nodes, and the model that was asked."""
    model = ScriptedModel(answer)
    modules = [document, question_answering, *([prompts] if prompts else [])]
    built = driver.Builder().with_modules(*modules).build()
    given = {"model": model, **({} if prompts else PROMPTS), **inputs}
    return built.execute(list(wanted), inputs=given, overrides={"page_texts": pages}), model


@pytest.mark.parametrize("prompts", [prompts_v1, prompts_v2])
def test_the_sample_is_answered_from_its_relevant_passages(prompts):
    """What it says on gusts and on who decides reaches the model under its page, and the answer is borne out."""
    answer = "She does not sail when gusts exceed 17 metres a second; the captain decides [p. 3]."
    question = "At which gusts does the ferry not sail, and who decides it?"
    pages = read_pages(SAMPLE.read_bytes())

    values, model = run(
        lambda prompt: "Supported." if answer in prompt else answer,
        pages,
        ["cited_answer", "cited_pages"],
        prompts,
        question=question,
        max_passages=3,
    )

    ((asked,), (checked,)) = model.batches
    assert "gusts are stronger than 17 metres" in asked and "Children under seven" not in asked
    assert "[p. 3]\n" in checked and "[p. 1]\n" not in checked
    assert values["cited_pages"] == [3]
    assert values["cited_answer"] == f"{answer}\n\nPages cited: 3.\nCheck: Supported."


def test_the_default_question_finds_its_passages_in_the_sample():
    """What is not allowed and who may make an exception stand on page 2."""
    values, _ = run(str, read_pages(SAMPLE.read_bytes()), ["relevant_passages"], max_passages=2, max_passage_tokens=160)

    text = " ".join(values["relevant_passages"])
    assert "not allowed on board" in text
    assert all(own.startswith("[p. 2]\n") for own in values["relevant_passages"])


def test_the_versions_put_the_question_at_different_ends():
    """v1 gives rules and question before the passages, v2 the question behind them."""
    first, second = (run(str, PAGES, prompts=own, question="Sun?")[1].batches[0][0] for own in (prompts_v1, prompts_v2))

    assert first.index("Sun?") < first.index("Tulips")
    assert second.index("Sun?") > second.index("Moss")


def test_what_is_not_borne_out_is_said_below_the_answer():
    """Pages that were not given or don't exist, figures that don't stand there, and the model's check."""
    values, _ = run(
        lambda prompt: "No." if "CHECK" in prompt else "Sun for 9 hours [p. 2]; time [p. 4]; salt [p. 8].",
        PAGES,
        question="Who needs sun?",
        max_passages=1,
    )

    assert values["cited_answer"].splitlines()[2:] == [
        "Pages cited: 2.",
        "Not supported: p. 4 was not among the pages given (2).",
        "Not supported: p. 8 does not exist: the document has 4.",
        "Not supported: 9 does not stand on p. 2.",
        "Check: No.",
    ]


def test_an_answer_that_cites_nothing_is_checked_against_all_that_was_given():
    """The check sees every passage, and that nothing is cited is said."""
    values, model = run(lambda _: " ", PAGES, question="water sun shade time")

    assert all(page in model.batches[1][0] for page in PAGES)
    assert values["cited_answer"] == (
        "No answer.\n\nPages cited: none.\nNot supported: no page is cited.\nCheck: no answer"
    )


@settings(max_examples=150)
@given(
    st.lists(st.text(max_size=60) | st.sampled_from(["", " \n", "One. Two. " * 20]), max_size=6),
    st.integers(8, 60),
)
def test_every_character_is_in_a_passage_and_each_passage_on_one_page(pages, limit):
    """Passages joined are the text, none is empty, and each one's words stand on the page it is said to be on."""
    pages = [page.replace("\f", " ") for page in pages]
    text = "\f".join(pages)

    passages = split_pages(text, limit)

    assert "".join(passages) == text
    assert all(passages)
    for passage, (first, last) in zip(passages, pages_of(passages), strict=True):
        assert first == last or not passage.strip()
        assert passage.strip() in pages[first - 1] or not passage.strip()


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=20), st.integers(0, 9))
def test_the_passages_chosen_are_as_many_as_asked_for_in_the_document_s_order(passages, question, most):
    """None twice, none that shares a term less than one left out, and no figure is negative."""
    figures = relevance(question, passages)

    chosen = most_relevant(question, passages, most)

    left = [figures[own] for own in range(len(passages)) if own not in chosen]
    assert chosen == sorted(set(chosen)) and len(chosen) == min(most, len(passages))
    assert all(figure >= 0 for figure in figures)
    assert min((figures[own] for own in chosen), default=0) >= max(left, default=0) or not chosen


def test_rare_terms_count_more_than_frequent_ones():
    """A passage with the rare word of the question comes before one with the word that all have."""
    passages = ["the ferry the ferry the ferry", "the regatta", "the ferry", "the ferry"]

    assert most_relevant("the regatta ferry", passages, 1) == [1]


def test_japanese_is_found_without_blanks():
    """Two neighbouring characters are a term, full width is as half width, and a plural finds its singular."""
    passages = ["犬は乗船できません。", "運賃は二百円です。", "強風のときは欠航します。"]

    assert most_relevant("欠航はいつですか", passages, 1) == [2]
    assert terms("運賃表 Ｆｅｒｒｉｅｓ boats") == ["運賃", "賃表", "ferry", "boat"]


@pytest.mark.parametrize(
    ("name", "template", "lost"),
    [
        ("answer_question_prompt", "{passages}", "question"),
        ("answer_question_prompt", "{question}", "passages"),
        ("check_answer_prompt", "{passages}", "answer"),
        ("check_answer_prompt", "{answer}", "passages"),
    ],
)
def test_a_prompt_that_would_lose_something_is_refused(name, template, lost):
    """The error names the slot."""
    with pytest.raises(TemplateError, match=rf"\{{{lost}\}} is missing"):
        run(str, PAGES, **{name: template})


def test_braces_of_a_document_are_no_slots():
    """Passages, question and answer go in as they are."""
    _, model = run(lambda _: "{answer} {passages}", ["{question} {x"], question="{passages}?")

    assert model.batches == [["{passages}?|[p. 1]\n{question} {x"], ["CHECK {answer} {passages}|[p. 1]\n{question} {x"]]


def test_limits_reach_the_model():
    """The longest answer and the longest check are what the model is told; the small model's are inputs."""
    _, model = run(str, PAGES, max_answer_tokens=120, max_check_tokens=60)

    assert model.limits == [120, 60]
    built = driver.Builder().with_modules(document, question_answering).build()
    assert set(DATAFLOWS["question_answering"].small_model) <= set(built.graph.nodes)
    assert re.search(r"\bquestion\b", built.display_all_functions().source)
