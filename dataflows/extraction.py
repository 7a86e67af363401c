"""Extract a record from a document, as a JSON schema asks for it: each chunk first, then the record as a whole.

Two prompts in one chain: one reads a chunk, the other mends what of the whole record does not fit the schema. The
answers are read strictly; what can't be read, does not fit or is made up is said beside the record.
"""

import json
from typing import Any

from hamilton.function_modifiers import tag

from dataflows.chunking import pages_of, split
from dataflows.contract_schema import CONTRACT
from dataflows.field_values import field_values
from dataflows.grounding import unfound
from dataflows.json_answers import Reading, read_answer
from dataflows.merging import MergedRecord, merged
from dataflows.model import Model
from dataflows.record_schema import described, faults, read_schema
from dataflows.repairing import RepairedRecord, repaired
from dataflows.strict_json import shown_json
from dataflows.templates import Slot, fill

SLOTS = {
    "extract_record_prompt": {
        "chunk": Slot("one chunk of the document", required=True),
        "schema": Slot("the JSON schema of the record, on one line"),
        "fields": Slot("the fields of the record in words, one a line"),
    },
    "repair_record_prompt": {
        "record": Slot("the record as JSON, with the values that don't fit", required=True),
        "problems": Slot("what is wrong with it, one a line", required=True),
        "schema": Slot("the JSON schema of the record, on one line"),
        "fields": Slot("the fields of the record in words, one a line"),
    },
}


def chunked_text(mended_text: str, max_chunk_tokens: int = 1500) -> list[str]:
    """The text in chunks of at most max_chunk_tokens tokens that end after a sentence; joined, they are the text."""
    return split(mended_text, max_chunk_tokens)


def chunk_places(chunked_text: list[str]) -> list[str]:
    """The pages of each chunk, as people say them: "p. 2" or "pp. 2–3"."""
    return [f"p. {first}" if first == last else f"pp. {first}–{last}" for first, last in pages_of(chunked_text)]


def record_schema(schema: str = CONTRACT) -> dict[str, Any]:
    """The JSON schema of the record, read and checked."""
    return read_schema(schema)


def schema_slots(record_schema: dict[str, Any]) -> dict[str, str]:
    """The schema as the prompts get it: on one line of JSON, and in words."""
    return {"schema": shown_json(record_schema), "fields": described(record_schema)}


def chunk_answers(
    chunked_text: list[str],
    extract_record_prompt: str,
    schema_slots: dict[str, str],
    model: Model,
    max_record_tokens: int | None = None,
) -> list[str]:
    """What the model says about each chunk, as it says it."""
    prompts = [
        fill(extract_record_prompt, {**schema_slots, "chunk": chunk.replace("\f", "")}, required=["chunk"])
        for chunk in chunked_text
    ]
    return model.complete(prompts, max_tokens=max_record_tokens)


def chunk_readings(chunk_answers: list[str], record_schema: dict[str, Any]) -> list[Reading]:
    """The values in each answer that are meant for fields, and what is wrong with it; null when it can't be read."""
    readings = []
    for answer in chunk_answers:
        reading = read_answer(answer, list(record_schema["properties"]))
        if reading.values is not None:
            values, remarks = field_values(reading.values, record_schema)
            reading = Reading(values, (*reading.problems, *remarks))
        readings.append(reading)
    return readings


def merged_record(
    chunk_readings: list[Reading], chunk_answers: list[str], chunk_places: list[str], record_schema: dict[str, Any]
) -> MergedRecord:
    """One record of all answers that can be read; which values don't fit, and what was set aside."""
    return merged(chunk_places, chunk_answers, chunk_readings, record_schema)


def repair_requests(merged_record: MergedRecord, repair_record_prompt: str, schema_slots: dict[str, str]) -> list[str]:
    """The repair prompt as the model gets it; none where every answer can be read and every value fits."""
    problems = merged_record.to_repair
    record = json.dumps(merged_record.values, ensure_ascii=False, indent=2)
    values = {**schema_slots, "record": record, "problems": "\n".join(f"- {problem}" for problem in problems)}
    # Filled in any case, so that a prompt that would lose something is refused before it is needed.
    filled = fill(repair_record_prompt, values, required=["record", "problems"])
    return [filled] if problems else []


def repair_answers(repair_requests: list[str], model: Model, max_repair_tokens: int | None = None) -> list[str]:
    """What the model makes of the record, as it says it; none where nothing is to be repaired."""
    return model.complete(repair_requests, max_tokens=max_repair_tokens)


def repaired_record(
    merged_record: MergedRecord, repair_answers: list[str], record_schema: dict[str, Any]
) -> RepairedRecord:
    """The record with values that fit only: the merged one's, and those that the repair gave in place of others."""
    return repaired(merged_record, repair_answers, record_schema)


def extraction_problems(
    repaired_record: RepairedRecord,
    merged_record: MergedRecord,
    chunked_text: list[str],
    mended_text: str,
    record_schema: dict[str, Any],
) -> list[str]:
    """What could not be had or is doubtful, as sentences: unread, missing, set aside, or not in the document."""
    values = repaired_record.values
    return [
        *([] if chunked_text else ["the document has no text"]),
        *merged_record.unread,
        *repaired_record.problems,
        *faults(values, record_schema, "the record"),
        *merged_record.remarks,
        *unfound(values, record_schema, mended_text),
    ]


@tag(role="output")
def extracted_record(
    repaired_record: RepairedRecord,
    merged_record: MergedRecord,
    extraction_problems: list[str],
    record_schema: dict[str, Any],
) -> str:
    """The record as JSON, whether it is complete, and its problems; null when no answer could be read.

    It is complete when every answer could be read and the record fits the schema as a whole.
    """
    values = repaired_record.values
    nothing = merged_record.read == 0 and not values
    complete = not (nothing or merged_record.unread or repaired_record.problems or faults(values, record_schema, ""))
    answer = {"record": None if nothing else values, "complete": complete, "problems": extraction_problems}
    return json.dumps(answer, ensure_ascii=False, indent=2)
