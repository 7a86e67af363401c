"""Makes one record of those that were read in the parts of a document; what disagrees is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataflows.json_answers import Reading
from dataflows.record_schema import faults
from dataflows.strict_json import sameness, shown_json

_SHOWN = 80
_QUOTED = 500

Placed = tuple[str, Any]
"""Where a value was read, such as "p. 3", and the value."""


@dataclass(frozen=True)
class MergedRecord:
    """What the answers about all chunks say together."""

    values: dict[str, Any]
    """They may not fit the schema."""
    faults: dict[str, list[str]] = field(default_factory=dict)
    """Field -> what keeps its value from fitting, as sentences."""
    unread: list[str] = field(default_factory=list)
    """A sentence for each answer that can't be read, with its beginning."""
    remarks: list[str] = field(default_factory=list)
    """What was set aside, as sentences."""
    read: int = 0
    """Number of answers that can be read."""

    @property
    def to_repair(self) -> list[str]:
        """What another answer may mend."""
        return [*(fault for own in self.faults.values() for fault in own), *self.unread]


def merged(
    places: Sequence[str], answers: Sequence[str], readings: Sequence[Reading], schema: Mapping[str, Any]
) -> MergedRecord:
    """What the answers say together; places, answers and readings belong to each other one by one."""
    records = []
    unread = []
    remarks = []
    for place, answer, reading in zip(places, answers, readings, strict=True):
        if reading.values is None:
            unread.append(f"the answer about {place} can't be read, {reading.problems[0]}: {quoted(answer)}")
            continue
        records.append((place, reading.values))
        remarks += [f"the answer about {place}: {problem}" for problem in reading.problems]
    values, lost = merge(records, schema)
    found = {name: faults(value, schema["properties"][name], name) for name, value in values.items()}
    wrong = {name: own for name, own in found.items() if own}
    return MergedRecord(values, wrong, unread, [*remarks, *lost], len(records))


def quoted(answer: str) -> str:
    """The beginning of an answer on one line."""
    line = " ".join(answer[: 2 * _QUOTED].split())
    return f"{line[:_QUOTED]}…" if len(line) > _QUOTED or len(answer) > 2 * _QUOTED else line or "it is empty"


def merge(
    records: Sequence[tuple[str, Mapping[str, Any]]], schema: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """One record, and a sentence for each value that did not get into it.

    The first value that fits the schema counts; without one, the first at all. Lists are joined: an item that one has
    already is not added again. Objects are joined name by name.

    Args:
        records: Where each was read, and its values, in the order of the document.
        schema: Of the whole record.
    """
    merged: dict[str, Any] = {}
    lost: list[str] = []
    for name, own in schema["properties"].items():
        given = [(place, record[name]) for place, record in records if name in record]
        if not given:
            continue
        wrong = [faults(value, own, name) for _, value in given]
        fitting = [placed for placed, found in zip(given, wrong, strict=True) if not found]
        if fitting:
            lost += [_set_aside(name, own, found[0]) for own, found in zip(given, wrong, strict=True) if found]
        merged[name] = _joined(name, fitting or given, lost)
    return merged, lost


def _set_aside(name: str, given: Placed, fault: str) -> str:
    place, value = given
    if isinstance(value, list | dict):
        return f"{name}: {shown_json(value, _QUOTED)} ({place}) is set aside: {fault}"
    return f"{fault} ({place}); it is set aside"


def _joined(name: str, given: Sequence[Placed], lost: list[str]) -> Any:
    values = [value for _, value in given]
    if all(isinstance(value, list) for value in values):
        items: dict[str, Any] = {}
        for item in (item for value in values for item in value):
            items.setdefault(sameness(item), item)
        return list(items.values())
    if all(isinstance(value, dict) for value in values):
        names = dict.fromkeys(inner for value in values for inner in value)
        return {
            inner: _joined(f"{name}.{inner}", [(place, value[inner]) for place, value in given if inner in value], lost)
            for inner in names
        }
    place, first = given[0]
    seen = {sameness(first)}
    for other_place, other in given[1:]:
        if sameness(other) not in seen:
            seen.add(sameness(other))
            shown = shown_json(other, _SHOWN)
            lost.append(f"{name}: {shown} ({other_place}) is set aside for {shown_json(first, _SHOWN)} ({place})")
    return first
