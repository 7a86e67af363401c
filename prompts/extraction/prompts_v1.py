# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v1: the first prompts, with the JSON schema as it stands."""


def extract_record_prompt() -> str:
    """The values that one chunk gives, as JSON."""
    return """\
Extract a record from a part of a document. Answer with one JSON object that follows this JSON schema, and with nothing else:

{schema}

Take values only from the text. Leave out every field that the text says nothing about: other parts of the document may. Write dates as YYYY-MM-DD and numbers without separators or units.

Text:
{chunk}
"""


def repair_record_prompt() -> str:
    """The record again, with what is wrong put right."""
    return """\
This record was extracted from a document, and some of its values don't follow the JSON schema.

JSON schema:
{schema}

Record:
{record}

Problems:
{problems}

Write the values that have a problem in the form that the schema asks for, without changing what they mean. Where an answer couldn't be read, take the values that stand in it. Make nothing up: leave out a field when no value is known. Answer with one JSON object that has the mended fields, and with nothing else.
"""
