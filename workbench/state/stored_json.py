"""JSON values as bytes and back, with every character of their texts as it was.

Prompts and answers may hold lone surrogates and NUL, which a database refuses as text. ASCII JSON would carry them, but
makes one character of two surrogates that stand side by side.
"""

import json
from typing import Any


def to_bytes(value: Any) -> bytes:
    """A JSON value as one line of UTF-8, lone surrogates in three bytes each; keys are sorted."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def from_bytes(data: bytes) -> Any:
    """The value again."""
    return json.loads(data.decode("utf-8", "surrogatepass"))
