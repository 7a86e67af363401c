# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v2: text first, fields in words and answered line by line, one short instruction last, which small models follow best."""


def extract_record_prompt() -> str:
    """The values that one chunk gives, one a line."""
    return '''\
Text:
"""
{chunk}
"""

Fields:
{fields}

Write each field and its value from the text above, one a line, such as "name: value". Leave out what the text does not say.
'''


def repair_record_prompt() -> str:
    """The fields that have a problem, one a line."""
    return """\
Fields:
{fields}

Record:
{record}

Problems:
{problems}

Write each field that has a problem and its right value, one a line, such as "name: value". Leave out what is not known."""
