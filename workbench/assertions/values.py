"""Does a value fit its assertion type? Asked while reading when it has no variables, else once they are filled in."""

import math
from collections.abc import Callable
from typing import Any

from workbench.assertions.comma_list import split_commas
from workbench.assertions.patterns import translate
from workbench.assertions.schemas import refuse_bad_schema
from workbench.assertions.texts import is_blank, text_of
from workbench.assertions.vocabulary import EMBEDDED

LISTED = ("contains-any", "contains-all", "icontains-any", "icontains-all")
SCHEMAS = ("is-json", "contains-json")
_MOST_TEXTS = 1_000
_MOST_EXPECTED = 100
NO_VALUE = ("latency", "cost", "is-refusal")


def refuse_bad_value(kind: str, value: Any) -> None:
    """ValueError with a sentence's end when the value doesn't fit the type.

    Args:
        kind: A supported type that takes a value.
        value: As it stands in the file, its variables filled in.
    """
    if kind in LISTED:
        texts_in(value)
    elif kind in SCHEMAS:
        if value not in (None, ""):
            refuse_bad_schema(value)
    elif check := _CHECKS.get(kind):
        check(value)


def texts_in(value: Any) -> list[str]:
    """The texts that a list, or a comma-separated text, names.

    Raises:
        ValueError: It names none, or something that is no text, number or truth value.
    """
    texts = split_commas(value) if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts:
        raise ValueError("its value is no list of texts, or an empty one")
    if len(texts) > _MOST_TEXTS:
        raise ValueError(f"its value lists {len(texts):,} texts; {_MOST_TEXTS:,} are the most")
    if not all(isinstance(text, (str, int, float)) for text in texts):
        raise ValueError("its value lists something that is no text, number or truth value")
    return [text_of(text) for text in texts]


def word_range(value: Any) -> tuple[float, float]:
    """The least and the greatest count that a word-count asks for, both included.

    Raises:
        ValueError: It is neither a number nor a mapping with min, max or both.
    """
    if not isinstance(value, dict):
        return (count := _number(value)), count
    if not value or not set(value) <= {"min", "max"}:
        raise ValueError("its value is no mapping of min, max or both")
    least, most = _number(value.get("min", 0)), _number(value.get("max", math.inf), endless=True)
    if least > most:
        raise ValueError(f"its min of {text_of(least)} is more than its max of {text_of(most)}")
    return least, most


def _number(value: Any, *, endless: bool = False) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isnan(number) or (math.isinf(number) and not endless):
        raise ValueError("its value is no number of words")
    return number


def _refuse_no_text(value: Any) -> None:
    if not isinstance(value, str):
        raise ValueError("its value is no text")


def _refuse_empty(value: Any) -> None:
    _refuse_no_text(value)
    if not value:
        raise ValueError("its value is empty, which every output has")


def _refuse_blank(value: Any) -> None:
    _refuse_no_text(value)
    if is_blank(value):
        raise ValueError("its value is empty, and a judge needs to know what to look for")


def expected_texts(value: Any) -> list[str]:
    """The texts of which an output has to be similar to one.

    Raises:
        ValueError: There is none, or something that is no text, or an empty one, which has no embedding.
    """
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("its value is no text, or list of texts with at least one")
    if len(texts) > _MOST_EXPECTED:
        raise ValueError(f"its value lists {len(texts):,} texts; {_MOST_EXPECTED:,} are the most")
    if any(map(is_blank, texts)):
        raise ValueError("its value has an empty text, which nothing is similar to")
    return texts


def _refuse_unsearchable(value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or value != value:
        raise ValueError("its value is no text or number")
    if value == "":
        raise ValueError("its value is empty, which every output has")


def _refuse_bad_pattern(value: Any) -> None:
    _refuse_empty(value)
    translate(value)


_CHECKS: dict[str, Callable[[Any], object]] = {
    "contains": _refuse_unsearchable,
    "icontains": _refuse_unsearchable,
    "starts-with": _refuse_empty,
    "regex": _refuse_bad_pattern,
    "levenshtein": _refuse_no_text,
    "rouge-n": _refuse_no_text,
    "finish-reason": _refuse_empty,
    "llm-rubric": _refuse_blank,
    "select-best": _refuse_blank,
    "word-count": word_range,
    **dict.fromkeys(EMBEDDED, expected_texts),
}
