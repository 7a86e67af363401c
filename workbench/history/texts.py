"""Texts apart from the records that hold them: each kept once by its hash, and found by its words."""

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_SHORT = 120
"""Characters of a text that stays where it is; its hash would be half as long."""
_MARK = "$text"
_MOST_WORDS = 50_000
_LONGEST_WORD = 40
_WORDS = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"  # written without blanks: each by itself
    "|[^\\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)


def to_bytes(text: str) -> bytes:
    """UTF-8, lone surrogates in three bytes each, so that every text has bytes and comes back from them."""
    return text.encode("utf-8", "surrogatepass")


def sha256_of(text: str) -> str:
    """SHA-256 (hex) of its bytes."""
    return hashlib.sha256(to_bytes(text)).hexdigest()


def loose(text: str) -> str:
    """With all white space as one blank: what is left of a text that went through a mail, a log or a terminal."""
    return " ".join(text.split())


def packed(text: str) -> bytes:
    """Compressed."""
    return zlib.compress(to_bytes(text), 6)


def unpacked(data: bytes) -> str:
    """The text again."""
    return zlib.decompress(data).decode("utf-8", "surrogatepass")


def words_of(text: str) -> list[str]:
    """Its distinct words in the order they come, as search compares them: NFKC, case folded, CJK by the character.

    At most 50,000, each cut to 40 characters.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: dict[str, None] = {}
    for match in _WORDS.finditer(folded):
        found[match[0][:_LONGEST_WORD]] = None
        if len(found) == _MOST_WORDS:
            break
    return list(found)


def without_texts(value: Any, keep: Callable[[str], str]) -> Any:
    """A JSON value in which each long text is {"$text": what keep gave for it}.

    Keys that begin with "$" get another one, so that nothing in the value can be taken for such a place.
    """
    if isinstance(value, str):
        return value if len(value) <= _SHORT else {_MARK: keep(value)}
    if isinstance(value, Mapping):
        return {f"${key}" if key.startswith("$") else key: without_texts(own, keep) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [without_texts(own, keep) for own in value]
    return value


def with_texts(value: Any, texts: Mapping[str, str]) -> Any:
    """The value again.

    Raises:
        KeyError: A text is missing.
    """
    if isinstance(value, dict):
        if set(value) == {_MARK}:
            return texts[value[_MARK]]
        return {
            key.removeprefix("$") if key.startswith("$$") else key: with_texts(own, texts) for key, own in value.items()
        }
    if isinstance(value, list):
        return [with_texts(own, texts) for own in value]
    return value


def places_of(value: Any) -> Iterable[str]:
    """The hashes of all texts that a value without its texts asks for."""
    if isinstance(value, dict):
        if set(value) == {_MARK}:
            yield value[_MARK]
        else:
            for own in value.values():
                yield from places_of(own)
    elif isinstance(value, list):
        for own in value:
            yield from places_of(own)
