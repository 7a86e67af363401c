"""Takes from a repaired record what was asked for: values that fit, in the place of those that did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataflows.field_values import field_values
from dataflows.json_answers import read_answer
from dataflows.merging import MergedRecord, quoted
from dataflows.record_schema import faults


@dataclass(frozen=True)
class RepairedRecord:
    """A record whose values fit, each for itself."""

    values: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    """A sentence for each value that was left out, and for an answer that can't be read."""


def repaired(merged: MergedRecord, answers: Sequence[str], schema: Mapping[str, Any]) -> RepairedRecord:
    """The merged record with what the answers mend.

    A value that fits is never replaced. One that doesn't is, by one that does; of a list the items that fit stay. A
    value that there was none of comes in only where an answer about a chunk could not be read: it may stand there.
    """
    properties = schema["properties"]
    values = {name: value for name, value in merged.values.items() if name not in merged.faults}
    wanted = [name for name in properties if name in merged.faults or (merged.unread and name not in merged.values)]
    problems = []
    for answer in answers:
        reading = read_answer(answer, list(properties))
        if reading.values is None:
            problems.append(f"the repair can't be read, {reading.problems[0]}: {quoted(answer)}")
            continue
        mended, _ = field_values(reading.values, schema)
        values |= {
            name: mended[name] for name in wanted if name in mended and not faults(mended[name], properties[name], name)
        }
    for name, own in merged.faults.items():
        if name in values:
            continue
        problems += [f"{fault}; it is left out" for fault in own]
        if fitting := _fitting_items(merged.values[name], properties[name], name):
            values[name] = fitting
    return RepairedRecord({name: values[name] for name in properties if name in values}, problems)


def _fitting_items(value: Any, schema: Any, name: str) -> list[Any]:
    """The items of a list that fit, where they do as a list too; else none."""
    if not isinstance(value, list) or not isinstance(schema, dict):
        return []
    items = [item for item in value if not faults(item, schema.get("items", True), name)]
    return [] if faults(items, schema, name) else items
