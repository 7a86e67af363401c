"""JSON Schema, draft 7: what of it is checked here. What isn't is refused by name instead of being passed over."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_ONE = ("not", "if", "then", "else", "additionalItems", "additionalProperties", "contains", "propertyNames")
_LISTS = ("allOf", "anyOf", "oneOf")
_MAPS = ("properties", "patternProperties", "definitions")
_OTHERS = (
    *("$schema", "$id", "$ref", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly"),
    *("type", "enum", "const", "format", "contentMediaType", "contentEncoding"),
    *("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
    *("maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "items"),
    *("maxProperties", "minProperties", "required", "dependencies"),
)
_KNOWN = {*_ONE, *_LISTS, *_MAPS, *_OTHERS}
_FORMATS = ("date", "email", "ipv4", "ipv6")
LONGEST_SCHEMA = 20_000
_DRAFT = "http://json-schema.org/draft-07/schema"
# What may take time that grows faster than the text.
_HEAVY = ("pattern", "patternProperties", "$ref")
_MOST_HERE = 100_000
_MOST_COMPARED = 2_000


def refuse_bad_schema(schema: object) -> None:
    """ValueError with a sentence's end when the schema can't be checked as it stands."""
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import SchemaError

    if not isinstance(schema, (dict, bool)):
        raise ValueError("a JSON schema is a mapping or a truth value")
    try:
        if len(json.dumps(schema)) > LONGEST_SCHEMA:
            raise ValueError(f"its schema has more than {LONGEST_SCHEMA:,} characters")
        for part in parts(schema):
            _refuse_bad_part(part, schema)
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"this is no JSON schema: {error.json_path[:60]}: {error.message[:100]}") from error
    except TypeError as error:
        raise ValueError("its schema has values that JSON doesn't know") from error
    except RecursionError as error:
        raise ValueError("its schema is nested too deep") from error


def parts(schema: object) -> Iterator[Mapping[str, Any]]:
    """The schema and every schema inside it that is a mapping."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword, value in schema.items():
        if keyword in _ONE or (keyword == "items" and not isinstance(value, list)):
            yield from parts(value)
        elif isinstance(value, list) and (keyword in _LISTS or keyword == "items"):
            for one in value:
                yield from parts(one)
        elif isinstance(value, dict) and (keyword in _MAPS or keyword == "dependencies"):
            for one in value.values():
                yield from parts(one)


def is_heavy(schema: object, chars: int) -> bool:
    """Whether checking texts of so many characters may take long: then it belongs into a process of its own."""
    found = list(parts(schema))
    if len(found) * chars > _MOST_HERE or any(keyword in part for part in found for keyword in _HEAVY):
        return True
    # Every two items may have to be compared.
    return chars > _MOST_COMPARED and any("uniqueItems" in part for part in found)


def _refuse_bad_part(part: Mapping[str, Any], root: object) -> None:
    for keyword in part:
        if keyword not in _KNOWN:
            raise ValueError(f"its schema has {ascii(keyword)[:40]}, which JSON Schema draft 7 doesn't know")
    # Said here, as the library would compare every two of them.
    if not all(isinstance(name, str) for name in part.get("required") or ()):
        raise ValueError("its schema has something else than texts in required")
    if str(part.get("$schema", _DRAFT)).rstrip("#") != _DRAFT:
        raise ValueError(f"its schema is of {ascii(part['$schema'])[:60]}; only draft 7 is checked")
    if "$id" in part and part is not root:
        raise ValueError("its schema has a $id inside")
    if "$ref" in part and not _leads_somewhere(str(part["$ref"]), root):
        raise ValueError(f"its schema refers to {ascii(part['$ref'])[:60]}, which is not inside of it")
    if part.get("format", "date") not in _FORMATS:
        raise ValueError(f"its schema has the format {ascii(part['format'])[:40]}; known are {', '.join(_FORMATS)}")


def _leads_somewhere(reference: str, place: object) -> bool:
    """Whether "#" or a JSON Pointer after it (RFC 6901) stands for a place in the schema."""
    steps = reference.split("/")
    for step in steps[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(place, list) and name.isdecimal() and int(name[:9]) < len(place):
            place = place[int(name[:9])]
        elif isinstance(place, dict) and name in place:
            place = place[name]
        else:
            return False
    return steps[0] == "#"
