import json

import pytest
from hamilton import driver

from dataflows import DATAFLOWS, document, extraction
from dataflows.pdf_pages import read_pages
from dataflows.templates import TemplateError
from prompts.extraction import prompts_v1, prompts_v2
from tests.scripted import ScriptedModel
from workbench.settings import ROOT

SAMPLE = ROOT / "samples" / "tree-care-contract.pdf"
SCHEMA = """{"type": "object", "properties": {"number": {"type": "string"}, "fee": {"type": "number"}},
             "required": ["number"]}"""
PROMPTS = {"extract_record_prompt": "{chunk}", "repair_record_prompt": "REPAIR {record}\n{problems}"}


def run(answer, pages, wanted=("extracted_record",), prompts=None, chunks=None, **inputs):
    """Values of nodes, and the model that was asked."""
    model = ScriptedModel(answer)
    modules = [document, extraction, *([prompts] if prompts else [])]
    built = driver.Builder().with_modules(*modules).build()
    given = {"model": model, "schema": SCHEMA, **({} if prompts else PROMPTS), **inputs}
    overrides = {"page_texts": pages, **({"chunked_text": chunks} if chunks else {})}
    return built.execute(list(wanted), inputs=given, overrides=overrides), model


def read_contract(prompt: str) -> str:
    """A model that reads the sample well; the last page it answers in lines."""
    if "Contract number: ALD" in prompt:
        return """Here it is:
```json
{"contract_number": "ALD-2031-0417", "parties": ["Town of Aldermoor", "Greenhollow Tree Care Limited"],
 "start_date": "1 March 2031", "end_date": "2035-02-28", "services": ["watering", "pruning", "yearly inspection"],
 "notice_months": 4}
```"""
    if "58,500" in prompt:
        return '{"yearly_fee": "58,500", "currency": "EUR", "services": ["Watering"]}'
    return "Parties: Greenhollow Tree Care Limited"


@pytest.mark.parametrize("prompts", [prompts_v1, prompts_v2])
def test_the_sample_becomes_a_complete_record_without_the_workbench(prompts):
    """From the PDF to a record that fits the schema, with a bare driver; nothing is repaired, so nothing is asked."""
    pages = read_pages(SAMPLE.read_bytes())
    inputs = {"schema": extraction.CONTRACT, "max_chunk_tokens": 450}

    values, model = run(read_contract, pages, prompts=prompts, **inputs)

    answer = json.loads(values["extracted_record"])
    assert answer["record"] == {
        "contract_number": "ALD-2031-0417",
        "parties": ["Town of Aldermoor", "Greenhollow Tree Care Limited"],
        "start_date": "2031-03-01",
        "end_date": "2035-02-28",
        "yearly_fee": 58500,
        "currency": "EUR",
        "notice_months": 4,
        "services": ["watering", "pruning", "yearly inspection"],
    }
    assert (answer["complete"], answer["problems"]) == (True, [])
    assert [len(batch) for batch in model.batches] == [3, 0]


def test_the_versions_say_the_schema_in_two_ways():
    """v1 gives the JSON schema, v2 the fields in words behind the text."""
    (first,), (second,) = (run(str, ["Text."], prompts=own)[1].batches[0] for own in (prompts_v1, prompts_v2))

    assert '{"type": "object"' in first and "- number" not in first
    assert '{"type": "object"' not in second and "- number (text)" in second
    assert second.index("Text.") < second.index("- number")


def test_every_character_of_the_document_reaches_the_model():
    """The chunks joined are the text, and each prompt has its chunk whole, page breaks apart."""
    pages = [f"Page {page} tells of tree {page}. " * 30 for page in range(1, 5)]

    values, model = run(lambda _: "{}", pages, ["mended_text", "chunked_text", "chunk_answers"], max_chunk_tokens=64)

    assert "".join(values["chunked_text"]) == values["mended_text"]
    assert "".join(model.batches[0]) == values["mended_text"].replace("\f", "")


def test_an_answer_that_cannot_be_read_is_no_empty_record():
    """It is said with its page and its words, it goes into the repair, and the record is not complete."""
    values, model = run(lambda prompt: "I don't know." if "REPAIR" not in prompt else "Sorry.", ["One."])

    answer = json.loads(values["extracted_record"])
    assert answer["record"] is None and answer["complete"] is False
    assert "the answer about p. 1 can't be read, it has no JSON object: I don't know." in model.batches[1][0]
    assert answer["problems"] == [
        "the answer about p. 1 can't be read, it has no JSON object: I don't know.",
        "the repair can't be read, it has no JSON object: Sorry.",
        "the record: 'number' is missing",
    ]


def test_what_does_not_fit_is_repaired_with_one_call():
    """However many values are wrong, the model is asked once, with the record and each fault."""
    wrong = '{"number": 7, "fee": "about 3"}'

    values, model = run(lambda prompt: '{"number": "7", "fee": 3}' if "REPAIR" in prompt else wrong, ["No. 7: 3."])

    assert json.loads(values["extracted_record"]) == {
        "record": {"number": "7", "fee": 3},
        "complete": True,
        "problems": [],
    }
    ((repair,),) = model.batches[1:]
    assert "number: 7 is no string" in repair and 'fee: "about 3" is no number' in repair


def test_a_value_that_is_made_up_is_named():
    """It fits the schema and stays, but the problems say that the document does not have it."""
    values, _ = run(lambda _: '{"number": "A-1", "fee": 99}', ["Contract A-1."])

    answer = json.loads(values["extracted_record"])
    assert answer["record"] == {"number": "A-1", "fee": 99}
    assert answer["problems"] == ["fee: 99 does not stand in the document"]


def test_what_two_pages_say_differently_is_named_with_both_pages():
    """The first counts, and the other is not lost."""
    pages = ["Contract A-1.", "Contract B-2."]
    chunks = ["Contract A-1.\f", "Contract B-2."]

    values, _ = run(lambda prompt: json.dumps({"number": prompt[9:12]}), pages, chunks=chunks)

    assert json.loads(values["extracted_record"])["problems"] == ['number: "B-2" (p. 2) is set aside for "A-1" (p. 1)']


def test_a_document_without_text_gives_no_record():
    """No chunk, no call, no record; the problems say why."""
    values, model = run(str, [""])

    answer = json.loads(values["extracted_record"])
    assert answer["record"] is None and answer["complete"] is False
    assert answer["problems"][0] == "the document has no text"
    assert model.batches == [[], []]


@pytest.mark.parametrize(
    ("name", "template", "lost"),
    [
        ("extract_record_prompt", "{schema}", "chunk"),
        ("repair_record_prompt", "{record}", "problems"),
        ("repair_record_prompt", "{problems}", "record"),
    ],
)
def test_a_prompt_that_would_lose_something_is_refused_before_it_is_needed(name, template, lost):
    """Also the repair prompt of a record that needs no repair."""
    with pytest.raises(TemplateError, match=rf"\{{{lost}\}} is missing"):
        run(lambda _: '{"number": "1"}', ["1"], **{name: template})


def test_limits_reach_the_model():
    """The longest record and the longest repair are what the model is told; the small model's are inputs."""
    _, model = run(lambda _: "?", ["1"], max_record_tokens=100, max_repair_tokens=80)

    assert model.limits == [100, 80]
    built = driver.Builder().with_modules(document, extraction).build()
    assert set(DATAFLOWS["extraction"].small_model) <= set(built.graph.nodes)
