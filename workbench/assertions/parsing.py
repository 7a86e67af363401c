"""Assertions out of loaded YAML or JSON; what isn't supported is refused by name and place, never passed over."""

from collections.abc import Mapping
from typing import Any

from workbench.assertions.failures import AssertionSyntaxError
from workbench.assertions.nouns import Assertion
from workbench.assertions.templating import has_template, is_plain
from workbench.assertions.values import NO_VALUE, SCHEMAS, refuse_bad_value
from workbench.assertions.vocabulary import COMPARED, NEEDS_THRESHOLD, SET, WITH_THRESHOLD, known_types, why_refused
from workbench.assertions.yaml_text import read_yaml

__all__ = ["Assertion", "parse_assertions"]

_FIELDS = ("type", "value", "threshold", "weight", "metric")
_SET_FIELDS = ("type", "assert", "threshold", "weight", "metric")
_MOST = 1_000
_HEAVIEST = 1e6


def parse_assertions(value: object, where: str, *, judged: bool = False) -> tuple[Assertion, ...]:
    """The assertions of a list, in its order; none for None.

    Args:
        value: What stands under "assert" in a test.
        where: The list's place in the file, such as "tests[2].assert".
        judged: Whether models can be asked, so that llm-rubric, select-best and similar can be checked.

    Raises:
        AssertionSyntaxError: One of them can't be checked here.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        raise AssertionSyntaxError(where, "this is no list of assertions", "Write it as a list.")
    if len(value) > _MOST:
        reason = f"a list of {len(value):,} assertions; {_MOST:,} are the most"
        raise AssertionSyntaxError(where, reason, "Split the test.")
    return tuple(_assertion(item, f"{where}[{position}]", judged) for position, item in enumerate(value))


def number_in(item: Mapping[str, Any], name: str, where: str) -> float | None:
    """The finite number under a name, or None when it isn't there.

    Raises:
        AssertionSyntaxError: Something else stands there.
    """
    number = item.get(name)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) < 1e15:
        reason = f"its {name} {ascii(number)[:40]} is no number that can be compared"
        raise AssertionSyntaxError(where, reason, f"Write its {name} as a number.")
    return float(number)


def refuse_unknown(item: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
    """AssertionSyntaxError naming the first key that isn't known."""
    for name in item:
        if name not in known:
            reason = f"{ascii(name)[:60]} is not supported here; known are {', '.join(known)}"
            raise AssertionSyntaxError(where, reason, "Take it out.")


def _assertion(item: object, where: str, judged: bool) -> Assertion:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise AssertionSyntaxError(where, "this is no mapping with a type", "Write it as type: and value:.")
    name = item["type"]
    negated = name.startswith("not-")
    kind = name.removeprefix("not-")
    if reason := why_refused(kind, negated=negated, judged=judged):
        hint = f"Take it out, or use one of {', '.join(known_types(judged=judged))}."
        raise AssertionSyntaxError(where, reason, hint)
    refuse_unknown(item, _SET_FIELDS if kind == SET else _FIELDS, where)
    limit = _threshold(item, kind, where)
    weight, metric = _weight(item, where), _metric(item, where)
    if kind == SET:
        return Assertion(kind, None, limit, weight, metric, members=_members(item, where, judged))
    return Assertion(kind, _value(item, kind, where), limit, weight, metric, negated)


def _members(item: Mapping[str, Any], where: str, judged: bool) -> tuple[Assertion, ...]:
    members = parse_assertions(item.get("assert"), f"{where}.assert", judged=judged)
    if not members:
        raise AssertionSyntaxError(where, "this assert-set has no assertions", "Give it some, or take it out.")
    for position, member in enumerate(members):
        if member.type in (SET, COMPARED):
            reason = f"{member.type} is inside {'another one' if member.type == SET else 'an assert-set'}"
            raise AssertionSyntaxError(f"{where}.assert[{position}]", reason, "Put them side by side.")
    return members


def _threshold(item: Mapping[str, Any], kind: str, where: str) -> float | None:
    threshold = number_in(item, "threshold", where)
    if threshold is not None and kind not in WITH_THRESHOLD:
        raise AssertionSyntaxError(where, f"{kind} knows no threshold", "Take the threshold out.")
    if threshold is None and kind in NEEDS_THRESHOLD:
        unit = "milliseconds" if kind == "latency" else "US dollars"
        raise AssertionSyntaxError(where, f"{kind} has no threshold", f"Add a threshold in {unit}.")
    if threshold is not None and threshold < 0:
        raise AssertionSyntaxError(where, f"its threshold {threshold:g} is less than 0", "Take 0 or more.")
    return threshold


def _weight(item: Mapping[str, Any], where: str) -> float:
    weight = number_in(item, "weight", where)
    if weight is not None and not 0 <= weight <= _HEAVIEST:
        reason = f"its weight {weight:g} is not between 0 and {_HEAVIEST:,.0f}"
        raise AssertionSyntaxError(where, reason, "Write a weight in between.")
    return 1.0 if weight is None else weight


def _metric(item: Mapping[str, Any], where: str) -> str:
    metric = item.get("metric", "")
    if not isinstance(metric, str) or len(metric) > 200 or has_template(metric):
        raise AssertionSyntaxError(where, "its metric is no plain name", "Write the name of the metric as it is.")
    return metric


def _value(item: Mapping[str, Any], kind: str, where: str) -> Any:
    """What the file has as value, checked as far as it can be before its variables are known."""
    if kind in NO_VALUE:
        if item.get("value") is not None:
            raise AssertionSyntaxError(where, f"{kind} knows no value", "Take the value out.")
        return None
    if "value" not in item and kind not in SCHEMAS:
        raise AssertionSyntaxError(where, f"{kind} has no value", "Add a value.")
    value = item.get("value")
    texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
    for text in texts:
        _refuse_text(text, kind, where)
    try:
        if kind in SCHEMAS and isinstance(value, str) and value:
            value = read_yaml(value)
        if not any(map(has_template, texts)):
            refuse_bad_value(kind, value)
    except ValueError as error:
        raise AssertionSyntaxError(where, f"{kind}: {error}", "Correct the value.") from error
    return value


def _refuse_text(text: str, kind: str, where: str) -> None:
    if text.startswith(("file://", "package:")):
        reason = f"{kind}: its value {text[:60]!a} names a file, which may run code or lie outside"
        raise AssertionSyntaxError(where, reason, "Write the value itself.")
    if not is_plain(text) or (kind in SCHEMAS and has_template(text)):
        reason = f"{kind}: its value has more of a template than plain {{{{name}}}}"
        raise AssertionSyntaxError(where, reason, "Write plain names of variables only.")
