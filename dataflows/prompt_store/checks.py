"""What a prompt store takes: names, texts and models, checked before they reach a database."""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from dataflows.prompt_store.records import PromptStoreError, to_json
from dataflows.templates import wrong_name

MOST_CHARACTERS = 1_000_000
MOST_PROMPTS = 200
_LONGEST_NAME = 80
_LONGEST_REMARK = 2_000
_LONGEST_MODEL = 100_000
_PLAIN = re.compile(r"[^\W\d_][\w.-]*")
_VERSION = re.compile(r"v?([1-9][0-9]{0,8})")
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_SECRET = re.compile(r"api_?key|secret|password|authorization|credential|(?:access|auth|bearer)_?token", re.IGNORECASE)


def number_in(which: int | str) -> int | None:
    """The version's number in 2, "2" or "v2"; None where it is a label's name."""
    match = _VERSION.fullmatch(str(which))
    return int(match[1]) if match else None


def check_name(kind: str, name: str) -> None:
    """Refuse what is no plain name of a dataflow or a label.

    Raises:
        PromptStoreError: It has other characters than letters, digits, "_", "." and "-", or could be a version's.
    """
    shown = f"{name[:_LONGEST_NAME]!a}"
    if len(name) > _LONGEST_NAME:
        raise PromptStoreError(f"the {kind} {shown} has {len(name)} characters; at most {_LONGEST_NAME} are allowed")
    if not _PLAIN.fullmatch(name) or unicodedata.normalize("NFKC", name) != name:
        raise PromptStoreError(
            f"{shown} is no name of a {kind}; it begins with a letter and has letters, digits, _, . and -"
        )
    if kind == "label" and number_in(name):
        raise PromptStoreError(f"{shown} is how a version is called; give the label another name")


def check_remark(what: str, text: str, *, required: bool = False) -> None:
    """Refuse a remark that is too long for a log or can't be stored.

    Raises:
        PromptStoreError: It is over 2,000 characters, empty though it is required, or has NUL or half a character.
    """
    if required and not text.strip():
        raise PromptStoreError(f"{what} is empty; the log needs it")
    if len(text) > _LONGEST_REMARK:
        raise PromptStoreError(f"{what} has {len(text)} characters; at most {_LONGEST_REMARK} are stored")
    _check_text(what, text)


def check_prompts(texts: Mapping[str, str]) -> None:
    """Refuse a set of prompts that no dataflow could get.

    Raises:
        PromptStoreError: It is empty or too large, a name is not a plain one, or a text can't be stored.
    """
    if not 1 <= len(texts) <= MOST_PROMPTS:
        raise PromptStoreError(f"this version has {len(texts)} prompts; 1 to {MOST_PROMPTS} can be stored")
    for name, text in texts.items():
        if wrong := wrong_name(name):
            raise PromptStoreError(f"the prompt {name[:_LONGEST_NAME]!a} {wrong}")
        if len(name) > _LONGEST_NAME or len(text) > MOST_CHARACTERS:
            sizes = f"a name of {len(name)} and a text of {len(text)} characters"
            most = f"{_LONGEST_NAME} and {MOST_CHARACTERS}"
            raise PromptStoreError(f"{name[:_LONGEST_NAME]} has {sizes}; at most {most} are stored")
        _check_text(name, text)


def check_model(model: Mapping[str, Any]) -> None:
    """Refuse a model's settings that are no plain values, or that seem to hold a key.

    Raises:
        PromptStoreError: It can't be written as JSON and read back the same, is too long, or has an entry like api_key.
    """
    try:
        written = to_json(dict(model))
        is_plain = json.loads(written) == dict(model)
    except (TypeError, ValueError, RecursionError) as error:
        raise PromptStoreError("the model's settings are not plain values: only what JSON has can be stored") from error
    if not is_plain:
        raise PromptStoreError("the model's settings would be read back differently: only what JSON has can be stored")
    if len(written) > _LONGEST_MODEL:
        raise PromptStoreError(f"the model's settings take {len(written)} characters; at most {_LONGEST_MODEL} do")
    # What JSON escapes is looked for in the values themselves.
    for text in _texts_in(dict(model)):
        _check_text("the model's settings", text)
    for name in _names_in(dict(model)):
        if _SECRET.search(name.replace("-", "_")):
            raise PromptStoreError(
                f"the model's settings have an entry {name[:_LONGEST_NAME]!a}; keys are never stored"
            )


def _check_text(what: str, text: str) -> None:
    if found := _NOT_STORABLE.search(text):
        kind = "a NUL character" if found.group() == "\0" else "half a character (a lone surrogate)"
        raise PromptStoreError(f"{what} has {kind} at position {found.start()}, which no database takes as text")


def _names_in(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [name for own, inner in value.items() for name in (own, *_names_in(inner))]
    return [name for inner in value for name in _names_in(inner)] if isinstance(value, list) else []


def _texts_in(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for own, inner in value.items() for text in (own, *_texts_in(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in _texts_in(inner)]
    return [value] if isinstance(value, str) else []
