"""is-json, contains-json and equals with something else than a text: an output read as JSON."""

import json

from workbench.assertions.bounded import OvertimeError, faults_in_child
from workbench.assertions.bounded_child import find_faults
from workbench.assertions.findings import Finding, Question, unknown
from workbench.assertions.json_texts import TooMuchWorkError, find_objects, read_json, same_value
from workbench.assertions.schemas import is_heavy
from workbench.assertions.texts import show


def equals_json(question: Question) -> Finding:
    """Does the output, read as JSON, give the value?"""
    shown = show(json.dumps(question.value, ensure_ascii=False, default=str))
    try:
        found = read_json(question.output)
    except ValueError:
        return Finding(False, f"the output is no JSON, and {shown} is asked for")
    holds = same_value(question.value, found)
    return Finding(holds, f"the output is {'' if holds else 'JSON, but not '}{shown}")


def is_json(question: Question) -> Finding:
    """Is the whole output JSON, and does it fit the schema, if there is one?"""
    try:
        read_json(question.output)
    except ValueError:
        return Finding(False, f"the output is no JSON: {show(question.output)}")
    return _by_schema(question, [question.output], "the output is JSON")


def contains_json(question: Question) -> Finding:
    """Is there a JSON object in the output, and does one fit the schema, if there is one?"""
    try:
        objects = find_objects(question.output)
    except TooMuchWorkError as error:
        return unknown(str(error))
    if not objects:
        return Finding(False, "the output has no JSON object")
    return _by_schema(question, objects, "the output has a JSON object")


def _by_schema(question: Question, instances: list[str], said: str) -> Finding:
    if question.value in (None, ""):
        return Finding(True, said)
    try:
        if is_heavy(question.value, sum(map(len, instances))):
            faults = faults_in_child(question.value, instances)
        else:
            faults = find_faults(question.value, instances)
    except OvertimeError as error:
        return unknown(f"the schema can't be checked: {error}")
    if None in faults:
        return Finding(True, f"{said} that fits its schema")
    return Finding(False, f"{said} that doesn't fit its schema: {show(faults[0] or '')[1:-1]}")
