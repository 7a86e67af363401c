"""The fields of a record: read from a JSON schema, said in words, and checked.

Source: JSON Schema, draft 2020-12; what of it makes sense for a record out of a document.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dataflows.strict_json import UnreadableError, read_json, shown_json

LONGEST_SCHEMA = 20_000
MOST_FIELDS = 100
FORMATS = {"date": "date, YYYY-MM-DD", "email": "e-mail address"}

# No pattern and no $ref: the time they take can't be bounded in this process.
_KEYWORDS = frozenset(
    [
        *("$schema", "$comment", "title", "description", "default", "examples", "type", "enum", "const", "format"),
        *("properties", "required", "additionalProperties", "items", "minItems", "maxItems", "minLength", "maxLength"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    ]
)
_SHOWN = 80


def read_schema(text: str) -> dict[str, Any]:
    """The schema of a record: an object with properties.

    Raises:
        ValueError: It is no such schema, has more than 20,000 characters, or uses what is not checked here.
    """
    from jsonschema import Draft202012Validator  # half a second, which only those pay who extract
    from jsonschema.exceptions import SchemaError

    if len(text) > LONGEST_SCHEMA:
        raise ValueError(f"the schema has {len(text):,} characters; the limit is {LONGEST_SCHEMA:,}")
    try:
        schema = read_json(text)
        Draft202012Validator.check_schema(schema)
    except UnreadableError as error:
        raise ValueError(f"the schema is no JSON: {error}") from error
    except SchemaError as error:
        raise ValueError(f"the schema is no JSON schema: {error.json_path[:_SHOWN]}: {error.message[:200]}") from error
    if not isinstance(schema, dict) or schema.get("type") != "object" or not schema.get("properties"):
        raise ValueError('the schema has to have the type "object" and at least 1 of properties')
    if len(schema["properties"]) > MOST_FIELDS:
        raise ValueError(f"the schema has {len(schema['properties'])} fields; the limit is {MOST_FIELDS}")
    for path, part in _parts("", schema):
        _refuse_unchecked(path or "the schema", part)
    return schema


def described(schema: Mapping[str, Any]) -> str:
    """The fields in words, one a line: "- start_date (date, YYYY-MM-DD): the first day"."""
    return "\n".join(f"- {name}{_in_words(own)}" for name, own in schema["properties"].items())


def faults(value: Any, schema: Mapping[str, Any] | bool, name: str) -> list[str]:
    """What keeps a value from fitting its schema, as sentences that begin with the field's name; at most 10."""
    from jsonschema import Draft202012Validator, FormatChecker

    found = []
    for error in Draft202012Validator(schema, format_checker=FormatChecker(tuple(FORMATS))).iter_errors(value):
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        found.append(f"{(name + where).lstrip('.')}: {_fault(error)}")
        if len(found) == 10:
            break
    return found


def _fault(error: Any) -> str:
    shown = shown_json(error.instance, _SHOWN)
    match error.validator:
        case "type":
            kinds = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
            return f"{shown} is no {' or '.join(kinds)}"
        case "format":
            return f"{shown} is no {FORMATS[error.validator_value]}"
        case "enum":
            return f"{shown} is none of {shown_json(error.validator_value, 200)}"
        case "required":
            return str(error.message)[:200].replace(" is a required property", " is missing")
    return f"{shown} doesn't fit {error.validator} {shown_json(error.validator_value, _SHOWN)}"


def _parts(path: str, schema: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema in the schema that is an object, with its place."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for name, own in schema.get("properties", {}).items():
        yield from _parts(f"{path}.{name}".lstrip("."), own)
    for keyword in ("items", "additionalProperties"):
        yield from _parts(f"{path}[]", schema.get(keyword))


def _refuse_unchecked(path: str, part: Mapping[str, Any]) -> None:
    path = path[:_SHOWN]
    if unknown := sorted(part.keys() - _KEYWORDS):
        raise ValueError(
            f"{path} has {unknown[0][:_SHOWN]}, which is not checked; known are {', '.join(sorted(_KEYWORDS))}"
        )
    if part.get("format", "date") not in FORMATS:
        raise ValueError(f"{path} has the format {str(part['format'])[:_SHOWN]}; known are {', '.join(FORMATS)}")


def _in_words(schema: Any) -> str:
    if not isinstance(schema, dict):
        return ""
    meaning = schema.get("description") or schema.get("title") or ""
    return f" ({_kind(schema)})" + (f": {meaning}" if meaning else "")


def _kind(schema: Any) -> str:
    """The kind of value in words: "list of text", "one of EUR, USD"."""
    if not isinstance(schema, dict):
        return "anything"
    if "enum" in schema:
        return f"one of {', '.join(own if isinstance(own, str) else shown_json(own) for own in schema['enum'])}"
    if "format" in schema:
        return FORMATS[schema["format"]]
    types = schema.get("type", [])
    kinds = [own for own in ([types] if isinstance(types, str) else types) if own != "null"]
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    said = " or ".join(words.get(kind, kind) for kind in kinds) or "anything"
    if kinds == ["array"]:
        return f"list of {_kind(schema.get('items'))}"
    if kinds == ["object"]:
        return f"object with {', '.join(schema.get('properties', {})) or 'any names'}"
    return said
